/*
 * Preloaded into the real xl, so that `xl -N create` runs where there is no Xen: answers what it asks of the hypervisor
 * and Xenstore before it parses (a host of 4 processors and 1 node), and turns the program into a server that forks
 * itself for each configuration, so that a thousand files take a second.
 *
 * A request on stdin is a four-byte length and a configuration; the answer on stdout is the wait status, the lengths of
 * what xl wrote to stdout and stderr, and those bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <libxl.h>

enum { CPUS = 4, NODES = 1 };

void *xc_interface_open(void *a, void *b, unsigned c) { (void)a; (void)b; (void)c; return calloc(1, 4096); }
int xc_interface_close(void *handle) { (void)handle; return 0; }
void *xs_open(unsigned long flags) { (void)flags; return calloc(1, 4096); }
void xs_close(void *handle) { (void)handle; }
int xc_get_max_cpus(void *handle) { (void)handle; return CPUS; }
int xc_get_max_nodes(void *handle) { (void)handle; return NODES; }
int xc_get_online_cpus(void *handle) { (void)handle; return CPUS; }

int libxl_get_physinfo(libxl_ctx *context, libxl_physinfo *info) {
    (void)context;
    info->nr_nodes = NODES;
    info->nr_cpus = CPUS;
    info->max_cpu_id = CPUS - 1;
    return 0;
}

const libxl_version_info *libxl_get_version_info(libxl_ctx *context) {
    static libxl_version_info version;
    (void)context;
    version.commandline = "";
    return &version;
}

libxl_cputopology *libxl_get_cpu_topology(libxl_ctx *context, int *count) {
    libxl_cputopology *topology = calloc(CPUS, sizeof(*topology));
    (void)context;
    *count = CPUS;
    return topology;
}

static int all(int fd, void *bytes, size_t length, int writing) {
    for (size_t done = 0; done < length;) {
        ssize_t n = writing ? write(fd, (char *)bytes + done, length - done) : read(fd, (char *)bytes + done, length - done);
        if (n <= 0) return -1;
        done += (size_t)n;
    }
    return 0;
}

static void copy(int fd, uint32_t length) {
    char *bytes = malloc(length + 1u);
    lseek(fd, 0, SEEK_SET);
    if (all(fd, bytes, length, 0) || all(1, bytes, length, 1)) exit(1);
    free(bytes);
    close(fd);
}

static int serve(int (*main_)(int, char **, char **), char **argv, char **environment) {
    for (;;) {
        uint32_t length;
        if (all(0, &length, sizeof(length), 0)) exit(0);
        char *config = malloc(length + 1u);
        if (all(0, config, length, 0)) exit(1);
        int file = memfd_create("config", 0), out = memfd_create("out", 0), err = memfd_create("err", 0);
        if (all(file, config, length, 1)) exit(1);
        lseek(file, 0, SEEK_SET);
        free(config);
        pid_t child = fork();
        if (child == 0) {
            struct rlimit seconds = { 10, 10 }, none = { 0, 0 };
            char path[64];
            setrlimit(RLIMIT_CPU, &seconds);
            setrlimit(RLIMIT_CORE, &none);
            dup2(out, 1);
            dup2(err, 2);
            snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
            char *arguments[] = { argv[0], "-N", "create", path, NULL };
            exit(main_(4, arguments, environment));
        }
        int status;
        waitpid(child, &status, 0);
        struct stat written, complained;
        fstat(out, &written);
        fstat(err, &complained);
        uint32_t head[3] = { (uint32_t)status, (uint32_t)written.st_size, (uint32_t)complained.st_size };
        if (all(1, head, sizeof(head), 1)) exit(1);
        copy(out, head[1]);
        copy(err, head[2]);
        close(file);
    }
}

static int (*real_main)(int, char **, char **);

static int server_main(int argc, char **argv, char **environment) {
    return argc > 1 ? real_main(argc, argv, environment) : serve(real_main, argv, environment);
}

int __libc_start_main(int (*main_)(int, char **, char **), int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end) {
    int (*start)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void), void *) =
        dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = main_;
    return start(server_main, argc, argv, init, fini, rtld_fini, stack_end);
}
