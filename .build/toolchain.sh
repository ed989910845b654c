# Sourced by ./nodedb, ./test and ./bench (POSIX sh): finds the JDK and Maven, and takes the lock
# under which anything is built.
#
#   find_jdk       sets jdk_home to a JDK of at least jdk_required, or says what to install and exits
#   find_maven     sets maven, or says what to install and exits
#   run_maven ...  runs Maven on that JDK in the project's root
#   await_lock FD  waits until the lock file that is open as FD is ours
#
# Wants `root` and `command_name` to be set. Starts no Java process where a JDK carries its `release`
# file, because ./nodedb comes through here on every call.

jdk_required=25
maven_required=3.8.6
lock_limit_seconds=1800
usual_jdk_folders="/usr/lib/jvm/*:/usr/lib64/jvm/*:/usr/java/*:/usr/local/java/*:/opt/java/*:/opt/*jdk*"
usual_jdk_folders="$usual_jdk_folders:/Library/Java/JavaVirtualMachines/*/Contents/Home"
usual_jdk_folders="$usual_jdk_folders:/opt/homebrew/opt/openjdk*:/usr/local/opt/openjdk*"
if [ -n "${HOME-}" ]; then
    usual_jdk_folders="$usual_jdk_folders:$HOME/.sdkman/candidates/java/*:$HOME/.jdks/*"
    usual_jdk_folders="$usual_jdk_folders:$HOME/.asdf/installs/java/*:$HOME/.local/share/mise/installs/java/*"
    usual_jdk_folders="$usual_jdk_folders:$HOME/Library/Java/JavaVirtualMachines/*/Contents/Home"
fi

say() {
    printf '%s: %s\n' "$command_name" "$1" >&2
}

# Sets jdk_version and jdk_major from the `release` file of DIR, else by asking its java.
read_jdk_version() {
    jdk_version=
    if [ -r "$1/release" ]; then
        while IFS='=' read -r release_key release_value; do
            if [ "$release_key" = JAVA_VERSION ]; then
                jdk_version=${release_value#\"}
                jdk_version=${jdk_version%\"*}
            fi
        done <"$1/release"
    fi
    if [ -z "$jdk_version" ]; then
        jdk_version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
    fi
    jdk_major=${jdk_version%%[!0-9]*}
    jdk_major=${jdk_major:-0}
}

# True when DIR is a JDK that will do (jdk_home is set); else false with jdk_flaw saying why not.
accept_jdk() {
    if [ ! -x "$1/bin/java" ]; then
        jdk_flaw="no bin/java there"
        return 1
    fi
    read_jdk_version "$1"
    if [ "$jdk_major" -lt "$jdk_required" ]; then
        jdk_flaw="Java ${jdk_version:-of unknown version}"
        return 1
    fi
    if [ ! -x "$1/bin/javac" ]; then
        jdk_flaw="Java $jdk_version without a compiler"
        return 1
    fi
    jdk_home=$1
}

find_jdk_on_path() {
    path_rest=${PATH}:
    while [ -n "$path_rest" ]; do
        path_folder=${path_rest%%:*}
        path_rest=${path_rest#*:}
        if [ ! -x "$path_folder/java" ] || [ -d "$path_folder/java" ]; then
            continue
        fi
        path_java=$(readlink -f "$path_folder/java") || continue
        path_home=${path_java%/bin/java}
        if [ "$path_home" = "$path_java" ] || [ ! -r "$path_home/release" ]; then
            # A version manager's stand-in: only it knows the JDK that it would start.
            path_home=$("$path_folder/java" -XshowSettings:properties -version 2>&1 |
                sed -n 's/^ *java\.home = //p')
        fi
        if [ -n "$path_home" ] && accept_jdk "$path_home"; then
            return 0
        fi
    done
    return 1
}

# Of several, the oldest that will do: it is the one the build is made for.
find_jdk_in_usual_folders() {
    usual_rest=${NODEDBTEST_JDK_FOLDERS-$usual_jdk_folders}:
    usual_home=
    usual_major=
    while [ -n "$usual_rest" ]; do
        usual_pattern=${usual_rest%%:*}
        usual_rest=${usual_rest#*:}
        usual_ifs=$IFS
        IFS=
        # Unquoted on purpose: the pattern's stars stand for whatever is installed.
        for usual_candidate in $usual_pattern; do
            IFS=$usual_ifs
            if accept_jdk "$usual_candidate" &&
                { [ -z "$usual_home" ] || [ "$jdk_major" -lt "$usual_major" ]; }; then
                usual_home=$usual_candidate
                usual_major=$jdk_major
            fi
        done
        IFS=$usual_ifs
    done
    jdk_home=$usual_home
    [ -n "$jdk_home" ]
}

find_jdk() {
    jdk_home=
    jdk_skipped=
    if [ -n "${JAVA_HOME-}" ]; then
        if accept_jdk "$JAVA_HOME"; then
            return 0
        fi
        jdk_skipped="skipping JAVA_HOME=$JAVA_HOME ($jdk_flaw): a JDK $jdk_required or newer is needed"
    fi
    if find_jdk_on_path || find_jdk_in_usual_folders; then
        if [ -n "$jdk_skipped" ]; then
            say "$jdk_skipped; using $jdk_home"
        fi
        return 0
    fi
    if [ -n "$jdk_skipped" ]; then
        say "$jdk_skipped"
    fi
    say "no JDK $jdk_required or newer found in JAVA_HOME, on the PATH or in the usual folders. Install one:
  Debian, Ubuntu   apt-get install openjdk-$jdk_required-jdk-headless
  Fedora           dnf install java-$jdk_required-openjdk-devel
  macOS            brew install openjdk@$jdk_required
  anywhere         Temurin $jdk_required from https://adoptium.net, then set JAVA_HOME to its folder"
    exit 1
}

find_maven() {
    if maven=$(command -v mvn); then
        return 0
    fi
    if [ -n "${MAVEN_HOME-}" ] && [ -x "$MAVEN_HOME/bin/mvn" ]; then
        maven=$MAVEN_HOME/bin/mvn
        return 0
    fi
    say "Maven $maven_required or newer is needed to build and is neither on the PATH nor in MAVEN_HOME. Install it:
  Debian, Ubuntu   apt-get install maven
  Fedora           dnf install maven
  macOS            brew install maven
  anywhere         https://maven.apache.org/download.cgi, then set MAVEN_HOME to its folder"
    exit 1
}

run_maven() {
    # Maven's own libraries use what Java 24 and later warn about; that is nothing to show a user.
    (cd "$root" && JAVA_HOME=$jdk_home \
        MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS-}" exec "$maven" -B "$@")
}

await_lock() {
    if ! command -v flock >/dev/null; then
        say "flock is needed to build and is missing. Install it:
  Debian, Ubuntu   apt-get install util-linux
  Fedora           dnf install util-linux
  macOS            brew install flock"
        exit 1
    fi
    if [ -n "${NODEDBTEST_RUNS-}" ]; then
        say "./test holds the build lock, and a test that it runs must not build: start classes with ForkedJvm"
        exit 1
    fi
    if ! flock -n "$1"; then
        say "waiting for another build in $root"
        if ! flock -w "$lock_limit_seconds" "$1"; then
            say "another build has held $root/target/build.lock for $lock_limit_seconds s; end it and try again"
            exit 1
        fi
    fi
}
