# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Adds up the JUnit files of ctest and lit: names what failed, then `N passed, N failed[, N skipped]`.

usage: test_summary.py RESULT.xml...

Exit code 0 only when every file could be read, at least one test ran, and none failed. A missing or
broken file counts as one failure: the runner died before it could say anything.
"""

import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    """'passed', 'failed' or 'skipped' for one <testcase> of ctest's or lit's dialect."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def summarise(paths):
    """Returns ({'passed': n, 'failed': n, 'skipped': n}, [names of the failed])."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    failed = []
    for path in paths:
        try:
            cases = list(ElementTree.parse(path).iter("testcase"))
        except (OSError, ElementTree.ParseError) as error:
            counts["failed"] += 1
            failed.append(f"{path}: no readable result ({error})")
            continue
        for case in cases:
            result = outcome(case)
            counts[result] += 1
            if result == "failed":
                failed.append(case.get("name", "?"))
    return counts, failed


def main(paths):
    counts, failed = summarise(paths)
    for name in failed:
        print(f"FAILED: {name}")
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    return 0 if counts["failed"] == 0 and counts["passed"] > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
