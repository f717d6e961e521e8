/*
 * libxlutil as a batch process: requests on stdin, one JSON line a request on stdout.
 * A request is a kind byte, a four-byte length (native order) and that many bytes.
 *   C  a configuration   D  a disk   R  a vif rate   P  a pci device   M  an rdm string
 * The answer is null when libxlutil refuses (or aborts on) the input.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <errno.h>
#include <libxl.h>
#include <libxl_utils.h>
#include <libxlutil.h>

/* libxlutil offers no way to list settings: this is the layout of its internal header, stable since Xen 4.5. */
struct list { int available, count; struct value **values; };
struct value { int type; union { char *string; struct list list; } u; };
struct setting { struct setting *next; char *name; struct value *value; int operation; int line; };
struct config { struct setting *settings; FILE *report; char *source; };

static sigjmp_buf aborted;

static void on_abort(int signal) { siglongjmp(aborted, signal); }

/* A jammed scanner ends the program: here it is one more way to refuse. */
void exit(int status) { siglongjmp(aborted, status + 1000); }

static void text(const char *s) {
    putchar('"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\') printf("\\%c", c);
        else if (c < 32 || c == 127) printf("\\u%04x", c);
        else putchar(c);
    }
    putchar('"');
}

static void maybe(const char *s) { if (s) text(s); else fputs("null", stdout); }

static void value(const struct value *v) {
    if (v->type == XLU_STRING) { text(v->u.string); return; }
    putchar('[');
    for (int i = 0; i < v->u.list.count; i++) { if (i) putchar(','); value(v->u.list.values[i]); }
    putchar(']');
}

static void configuration(const char *bytes, int length, FILE *report) {
    XLU_Config *parsed = xlu_cfg_init(report, "-");
    if (xlu_cfg_readdata(parsed, bytes, length)) { puts("null"); return; }
    putchar('[');
    for (struct setting *s = ((struct config *)parsed)->settings; s; s = s->next) {
        putchar('['); text(s->name); printf(",%d,%d,", s->operation, s->line); value(s->value); putchar(']');
        if (s->next) putchar(',');
    }
    puts("]");
    xlu_cfg_destroy(parsed);
}

static void disk(const char *spec, XLU_Config *config) {
    libxl_device_disk d;
    libxl_device_disk_init(&d);
    if (xlu_disk_parse(config, 1, &spec, &d)) { puts("null"); return; }
    char *json = libxl_device_disk_to_json(NULL, &d);
    for (char *c = json; *c; c++) if (*c != '\n') putchar(*c);
    putchar('\n');
    free(json);
    libxl_device_disk_dispose(&d);
}

static void rate(const char *spec, XLU_Config *config) {
    libxl_device_nic nic;
    libxl_device_nic_init(&nic);
    errno = 0;
    if (xlu_vif_parse_rate(config, spec, &nic)) { puts("null"); return; }
    printf("[\"%llu\",%u]\n", (unsigned long long)nic.rate_bytes_per_interval, nic.rate_interval_usecs);
}

static void pci(const char *spec, XLU_Config *config) {
    libxl_device_pci p;
    libxl_device_pci_init(&p);
    if (xlu_pci_parse_spec_string(config, &p, spec)) { puts("null"); return; }
    printf("{\"domain\":%d,\"bus\":%d,\"dev\":%d,\"func\":%d,\"vdevfn\":%u,\"mask\":%u,\"flags\":[%d,%d,%d,%d],\"policy\":%d,\"name\":",
           p.domain, p.bus, p.dev, p.func, p.vdevfn, p.vfunc_mask, p.msitranslate, p.power_mgmt, p.permissive, p.seize, p.rdm_policy);
    maybe(p.name);
    puts("}");
}

static void rdm(const char *spec, XLU_Config *config) {
    libxl_rdm_reserve r = { 0, 0 };
    if (xlu_rdm_parse(config, &r, spec)) { puts("null"); return; }
    printf("[%d,%d]\n", r.strategy, r.policy);
}

int main(int argc, char **argv) {
    FILE *report = argc > 1 ? stderr : fopen("/dev/null", "w");
    XLU_Config *config = xlu_cfg_init(report, "-");
    signal(SIGABRT, on_abort);
    for (;;) {
        int kind = getchar();
        uint32_t length;
        if (kind == EOF || fread(&length, sizeof(length), 1, stdin) != 1) { fflush(stdout); _exit(0); }
        char *bytes = malloc(length + 1u);
        if (fread(bytes, 1, length, stdin) != length) _exit(1);
        bytes[length] = 0;
        if (sigsetjmp(aborted, 1)) { puts("null"); continue; }
        switch (kind) {
        case 'C': configuration(bytes, (int)length, report); break;
        case 'D': disk(bytes, config); break;
        case 'R': rate(bytes, config); break;
        case 'P': pci(bytes, config); break;
        case 'M': rdm(bytes, config); break;
        default: _exit(2);
        }
        free(bytes);
    }
}
