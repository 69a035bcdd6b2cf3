from qa.dossier.dossier import Dossier, Pin, dossier_about


def test_what_somebody_types_is_a_subject_unless_it_is_ids_alone() -> None:
    assert dossier_about("  Security  Council reform ").subject == "Security Council reform"
    assert dossier_about("08BEIJING90014").cables == ("08BEIJING90014",)
    assert dossier_about("the wheat of 09RIYADH90187").cables == ()


def test_a_title_of_chosen_cables_names_the_first_ones_only() -> None:
    many = dossier_about("08PARIS1 08PARIS2 08PARIS3 08PARIS4")
    assert many.title == "08PARIS1, 08PARIS2, 08PARIS3…"


def test_a_paragraph_is_pinned_once_with_its_latest_note() -> None:
    dossier = Dossier("d", "Seats").with_pin(Pin("08PARIS1.2")).with_pin(Pin(note="A thought."))
    again = dossier.with_pin(Pin("08PARIS1.2", "Look here."))
    assert again.pins == (Pin(note="A thought."), Pin("08PARIS1.2", "Look here."))
    assert again.with_pin(Pin(note="A thought.")).pins.count(Pin(note="A thought.")) == 2


def test_a_pin_is_taken_out_by_its_place() -> None:
    dossier = Dossier("d", "Seats", pins=(Pin(note="One."), Pin(note="Two.")))
    assert dossier.without_pin(0).pins == (Pin(note="Two."),)
