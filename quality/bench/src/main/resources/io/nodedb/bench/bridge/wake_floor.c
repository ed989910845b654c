/*
 * The machine's own floor of a hop to a sleeping thread and back: two threads, one number each way,
 * and the kernel's wake-up, by the same protocol as the doorbells (a flag that says "asleep" between
 * two full fences). What a hop through the bridge takes beyond this is the bridge's and the JVM's.
 *
 *   wake_floor eventfd|futex looks|sleeps PAUSE_NANOS COUNT
 *
 * The lane asks COUNT times to warm up and COUNT times more, each after a pause in which it stays
 * awake; it waits for the answer looking or asleep. Prints p50 and p99 of the hops that had to wake
 * the core, in nanoseconds, then how many those were and how many answers were wrong.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A bound on a hang, not an expectation. */
#define PATIENCE_SECONDS 1200

/* Two cache lines: the second is often fetched along with the first. */
#define APART _Alignas(128)

#define STOP (-1)

struct bell {
    APART atomic_bool asleep;
    atomic_uint signalled; /* the futex */
    int descriptor;        /* the event counter */
};

static bool by_futex;
static bool lane_sleeps;
static struct bell core_bell;
static struct bell lane_bell;
static APART atomic_long question;
static APART atomic_long answer;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void spin(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#else
    atomic_signal_fence(memory_order_seq_cst);
#endif
}

static void signal_owner(struct bell *bell) {
    if (by_futex) {
        atomic_store(&bell->signalled, 1);
        syscall(SYS_futex, &bell->signalled, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    } else {
        uint64_t one = 1;
        if (write(bell->descriptor, &one, sizeof one) != sizeof one) {
            die("write");
        }
    }
}

static void await_signal(struct bell *bell) {
    if (by_futex) {
        while (atomic_exchange(&bell->signalled, 0) == 0) {
            syscall(SYS_futex, &bell->signalled, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
        }
        return;
    }
    struct pollfd descriptor = {.fd = bell->descriptor, .events = POLLIN};
    uint64_t count;
    do {
        poll(&descriptor, 1, -1);
    } while (read(bell->descriptor, &count, sizeof count) != sizeof count);
}

/* Did it have to wake the owner? */
static bool ring(struct bell *bell) {
    atomic_thread_fence(memory_order_seq_cst);
    if (!atomic_load_explicit(&bell->asleep, memory_order_relaxed)
        || !atomic_exchange(&bell->asleep, false)) {
        return false;
    }
    signal_owner(bell);
    return true;
}

/* Sleeps until rung, unless the number has changed. */
static void sleep_on(struct bell *bell, atomic_long *number, long seen) {
    atomic_store_explicit(&bell->asleep, true, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(number, memory_order_acquire) == seen) {
        await_signal(bell);
    }
    atomic_store_explicit(&bell->asleep, false, memory_order_relaxed);
}

static void *run_core(void *unused) {
    (void)unused;
    long seen = 0;
    while (true) {
        long asked = atomic_load_explicit(&question, memory_order_acquire);
        if (asked == STOP) {
            return NULL;
        }
        if (asked == seen) {
            sleep_on(&core_bell, &question, seen);
        } else {
            seen = asked;
            atomic_store_explicit(&answer, asked + 1, memory_order_release);
            ring(&lane_bell);
        }
    }
}

/* Questions rise by one, so the answer before is this question's own number. */
static long await_answer(long asked) {
    long found;
    while ((found = atomic_load_explicit(&answer, memory_order_acquire)) == asked) {
        if (lane_sleeps) {
            sleep_on(&lane_bell, &answer, asked);
        } else {
            spin();
        }
    }
    return found;
}

static void stay_awake(int64_t nanos) {
    int64_t until = now() + nanos;
    while (now() < until) {
        spin();
    }
}

static int by_length(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int64_t percentile(const int64_t *sorted, long count, int percent) {
    return count == 0 ? 0 : sorted[(count * percent + 99) / 100 - 1];
}

static void open_bell(struct bell *bell) {
    bell->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (bell->descriptor < 0) {
        die("eventfd");
    }
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: wake_floor eventfd|futex looks|sleeps PAUSE_NANOS COUNT\n");
        return 2;
    }
    by_futex = strcmp(argv[1], "futex") == 0;
    lane_sleeps = strcmp(argv[2], "sleeps") == 0;
    int64_t pause_nanos = atoll(argv[3]);
    long count = atol(argv[4]);
    alarm(PATIENCE_SECONDS);
    open_bell(&core_bell);
    open_bell(&lane_bell);
    atomic_store(&answer, 1);
    int64_t *nanos = calloc(count + 1, sizeof *nanos);
    pthread_t core;
    if (nanos == NULL || pthread_create(&core, NULL, run_core, NULL) != 0) {
        die("starting");
    }
    long counted = 0;
    long wrong = 0;
    for (long asked = 1; asked <= 2 * count; asked++) {
        stay_awake(pause_nanos);
        int64_t start = now();
        atomic_store_explicit(&question, asked, memory_order_release);
        bool woken = ring(&core_bell);
        wrong += await_answer(asked) != asked + 1;
        int64_t taken = now() - start;
        if (woken && asked > count) {
            nanos[counted++] = taken;
        }
    }
    atomic_store(&question, STOP);
    ring(&core_bell);
    pthread_join(core, NULL);
    qsort(nanos, counted, sizeof *nanos, by_length);
    printf("%lld %lld %ld %ld\n",
           (long long)percentile(nanos, counted, 50),
           (long long)percentile(nanos, counted, 99),
           counted,
           wrong);
    return 0;
}
