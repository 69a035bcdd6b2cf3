"""The command that measures retrieval and answers: eval."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import DataOption, existing_archive, fail, open_chain, open_for_asking, user_errors

if TYPE_CHECKING:
    from qa.chain import Chain
    from qa.evaluation import Result, Task

FileArgument = Annotated[
    Path | None,
    typer.Argument(help="Questions with their gold paragraphs, one JSON object a line.", show_default=False),
]
ReportOption = Annotated[
    Path | None,
    typer.Option(help="Write the figures and every result there, as JSON.", show_default=False),
]
CompareOption = Annotated[
    tuple[Path, Path] | None,
    typer.Option(help="Two such reports: show which questions changed.", show_default=False),
]
CalibrateOption = Annotated[
    bool, typer.Option("--calibrate", help="Fit when to refuse to these questions; kept with the archive.")
]


def evaluate(
    file: FileArgument = None,
    data: DataOption = None,
    report: ReportOption = None,
    compare: CompareOption = None,
    calibrate: CalibrateOption = False,
) -> None:
    """Measure retrieval and answers on questions whose right paragraphs are known."""
    if compare and not file:
        _compare(*compare)
    elif file and not compare:
        _measure(file, data, report, calibrate=calibrate)
    else:
        fail("give a file of questions, or --compare BEFORE AFTER with two reports")


def _compare(before: Path, after: Path) -> None:
    from cli.output.evaluation import print_changes
    from qa.evaluation import changed, read_report

    try:
        reports = read_report(before), read_report(after)
    except (OSError, ValueError) as error:
        fail(str(error))
    print_changes(changed(*reports))


def _measure(file: Path, data: Path | None, report: Path | None, *, calibrate: bool) -> None:
    from cli.output.evaluation import print_evaluation, print_thresholds
    from qa import evaluation
    from qa.verification.answerability import keep_thresholds

    try:
        tasks = evaluation.read_tasks(file)
    except (OSError, ValueError) as error:
        fail(str(error))
    with user_errors():
        chain = open_chain(open_for_asking(data))
        results = _results(chain, tasks)
        figures = evaluation.report(results)
        print_evaluation(figures)
        if report:
            report.write_text(json.dumps(figures, indent=1), encoding="utf-8")
        if calibrate:
            thresholds = evaluation.calibrate(results)
            keep_thresholds(existing_archive(data), thresholds, reranked=chain.retriever.reranker is not None)
            print_thresholds(thresholds)


def _results(chain: "Chain", tasks: "list[Task]") -> "list[Result]":
    from cli.output.evaluation import asking
    from qa.evaluation import evaluate

    results = []
    with asking(len(tasks)) as advance:
        for result in evaluate(chain, tasks):
            results.append(result)
            advance()
    return results
