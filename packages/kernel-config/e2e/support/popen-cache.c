/*
 * Loaded into the C conf by LD_PRELOAD in long campaigns: commands that it runs are run once, and their output is kept
 * in the folder $POPEN_CACHE. What conf computes from the output is untouched.
 * $FIXED_TIME is the time that it is for programs that take it as the seed of what comes by chance.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

FILE *popen(const char *command, const char *type)
{
	FILE *(*real_popen)(const char *, const char *) = dlsym(RTLD_NEXT, "popen");
	int (*real_pclose)(FILE *) = dlsym(RTLD_NEXT, "pclose");
	unsigned long long hash = 1469598103934665603ULL;
	for (const char *at = command; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211ULL;
	char path[4096], temporary[4200], chunk[4096];
	snprintf(path, sizeof path, "%s/%016llx", getenv("POPEN_CACHE"), hash);
	FILE *kept = fopen(path, "r");
	if (kept)
		return kept;
	snprintf(temporary, sizeof temporary, "%s.%d", path, getpid());
	FILE *out = fopen(temporary, "w"), *process = real_popen(command, type);
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, process)) > 0;)
		fwrite(chunk, 1, n, out);
	real_pclose(process);
	fclose(out);
	rename(temporary, path);
	return fopen(path, "r");
}

int pclose(FILE *file)
{
	return fclose(file);
}

time_t time(time_t *place)
{
	const char *fixed = getenv("FIXED_TIME");
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	time_t result = fixed ? strtoll(fixed, NULL, 10) : now.tv_sec;
	if (place)
		*place = result;
	return result;
}
