"""The caption of a figure, made from the rows that it shows and from the metadata."""

from plots import cells, links, recorded, wording

NOT_COUNTED = {"failed": "failed", "timeout": "timed out", "unavailable": "unavailable",
               "void": "void"}


def failures(runs):
    """'3 runs failed, 1 unavailable' for the rows that do not count; '' where all do."""
    runs = runs[cells.tried(runs)]
    timeless = int((runs["status"] == "ok").sum()) - len(cells.counted(runs))
    words = [(int((runs["status"] == status).sum()), word) for status, word in NOT_COUNTED.items()]
    words = [(number, word) for number, word in words + [(timeless, "without a time")] if number]
    if not words:
        return ""
    first, *rest = words
    return ", ".join([f"{wording.count(first[0], 'run')} {first[1]}"]
                     + [f"{number} {word}" for number, word in rest])


def build(results, sentences, rows, per_point=None, outliers=0,
          of="runs"):
    """The whole caption as one paragraph.

    `sentences`: what is drawn, each ending in a full stop. `rows`: all runs behind the figure,
    failed and warm-up ones too. `per_point`: the number of runs (or `of` something else) of each
    point.
    """
    good = cells.counted(rows)
    parts = list(sentences) + _conditions(good, results.meta)
    if per_point:
        parts.append(f"n = {wording.span(per_point)} {of} per point.")
        if min(per_point) < 5:
            parts.append("No interval where n < 5.")
    if outliers:
        parts.append(f"{wording.count(outliers, 'outlier')} ringed, none dropped.")
    if failures(rows):
        parts.append(f"Not counted: {failures(rows)}.")
    return " ".join(parts + _origin(results))


def _conditions(good, meta):
    """Links and certificates, congestion control, file sizes and sinks of the counted runs."""
    firsts = good.drop_duplicates("link").sort_values("link")
    parts = [_link(row, meta) for _, row in firsts.iterrows()]
    algorithms = sorted(set(cells.algorithm(good)) - {""})
    if algorithms:
        parts.append(f"Congestion control {', '.join(algorithms)}.")
    sizes = sorted(good["file_bytes"].dropna().unique())
    if sizes:
        parts.append(f"File of {wording.span(sizes, wording.size)}"
                     + (f", {wording.setting('sink', good['sink'].iloc[0])}."
                        if good["sink"].nunique() == 1 and good["sink"].iloc[0] else "."))
    return parts


def _link(row, meta):
    certificate = links.certificate(meta, row["link"])
    refusal = "" if certificate.certified else " No conclusions are drawn from it."
    if row["link"] == "loopback":
        words = "" if certificate.certified else f"; {certificate.reason}"
        return f"{wording.LOOPBACK[0].upper()}{wording.LOOPBACK[1:]}{words}.{refusal}"
    return f"Link {wording.link(row)}; {certificate.words}.{refusal}"


def _origin(results):
    """Where the numbers come from: unreadable rows, processor, kernel, commit."""
    parts = []
    if results.dropped_runs:
        parts.append(f"{wording.count(results.dropped_runs, 'row')} of runs.csv could not be read.")
    kernel = results.meta.get("kernel") or "not recorded"
    commit = str(results.meta.get("commit") or "not recorded")
    changed = ", with changes" if commit.endswith("-dirty") else ""
    processor = recorded.section(results.meta, "machine").get("cpu")
    parts.append(f"{processor}; kernel" if processor else "Kernel")
    parts.append(f"{kernel}; commit {commit[:12]}{changed}.")
    return parts
