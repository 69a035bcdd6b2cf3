"""The command that measures retrieval and answers: eval."""

from pathlib import Path
from typing import Annotated

import typer

from cli.common import DataOption, existing_archive, fail, open_chain, open_for_asking, user_errors


def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Questions with their gold paragraphs, one JSON object a line.", show_default=False
        ),
    ] = None,
    data: DataOption = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write the figures and every result there, as JSON.", show_default=False),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Two such reports: show which questions changed.", show_default=False),
    ] = None,
    calibrate: Annotated[
        bool,
        typer.Option("--calibrate", help="Fit when to refuse to these questions; kept with the archive."),
    ] = False,
) -> None:
    """Measure retrieval and answers on questions whose right paragraphs are known."""
    import json

    from cli.output.evaluation import asking, print_changes, print_evaluation, print_thresholds
    from qa import evaluation
    from qa.verification.answerability import keep_thresholds

    if bool(file) == bool(compare):
        fail("give a file of questions, or --compare BEFORE AFTER with two reports")
    if compare:
        try:
            reports = [evaluation.read_report(path) for path in compare]
        except (OSError, ValueError) as error:
            fail(str(error))
        print_changes(evaluation.changed(*reports))
        return
    assert file is not None
    try:
        tasks = evaluation.read_tasks(file)
    except (OSError, ValueError) as error:
        fail(str(error))
    with user_errors(), asking(len(tasks)) as advance:
        results = []
        chain = open_chain(open_for_asking(data))
        for result in evaluation.evaluate(chain, tasks):
            results.append(result)
            advance()
    figures = evaluation.report(results)
    print_evaluation(figures)
    if report:
        with user_errors():
            report.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if calibrate:
        with user_errors():
            thresholds = evaluation.calibrate(results)
            keep_thresholds(existing_archive(data), thresholds, reranked=chain.retriever.reranker is not None)
        print_thresholds(thresholds)
