// measured REPORT PROGRAM [WORD...]: runs the program and writes its process id to the file, and at its
// end the most memory that it had in use (KiB).
//
// A program that is started from a large process counts that one's memory as its own (Linux keeps the
// largest of both at exec), so it is started from here.

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count < 3) return 125;
  FILE *report = fopen(words[1], "we");
  if (report == NULL) return 125;
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execv(words[2], words + 2);
    _exit(126);
  }
  fprintf(report, "%d\n", child);
  fflush(report);
  int status;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0)
    if (errno != EINTR) return 125;
  fprintf(report, "%ld\n", usage.ru_maxrss);
  fclose(report);
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
  return 125;
}
