# Sums Surefire's reports (TEST-*.xml, given as arguments) over all modules: what failed and what was
# skipped with its reason, then Surefire's closing line, then the same in plain words. Exit status 1
# when something failed or nothing ran.

function attribute(name,    from, value) {
    from = index($0, " " name "=\"")
    if (from == 0) {
        return ""
    }
    value = substr($0, from + length(name) + 3)
    return plain(substr(value, 1, index(value, "\"") - 1))
}

function plain(text) {
    gsub(/&quot;/, "\"", text)
    gsub(/&apos;/, "'", text)
    gsub(/&lt;/, "<", text)
    gsub(/&gt;/, ">", text)
    gsub(/&#10;/, " ", text)
    gsub(/&amp;/, "\\&", text)
    return text
}

function told(what,    reason) {
    reason = attribute("message")
    if (length(reason) > 200) {
        reason = substr(reason, 1, 200) "..."
    }
    return what " " test (reason == "" ? "" : ": " reason)
}

/<testsuite / {
    tests += attribute("tests")
    failures += attribute("failures")
    errors += attribute("errors")
    skipped += attribute("skipped")
}
/<testcase / { test = attribute("classname") "." attribute("name") }
/<skipped/ { notices[++noticeCount] = told("skipped") }
/<(failure|error)[ >]/ { notices[++noticeCount] = told("failed ") }

END {
    for (i = 1; i <= noticeCount; i++) {
        print notices[i]
    }
    failed = failures + errors
    printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d\n", tests, failures, errors, skipped
    printf "%d passed, %d failed, %d skipped\n", tests - failed - skipped, failed, skipped
    exit (failed > 0 || tests == 0)
}
