# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One boot of the guest: starts QEMU (under accd), carries the guest's channels, keeps its kernel log.

The kernel's log comes over the serial port into a file. Everything else has a port of one virtio-serial device: the
control channel (scripts/guest/init and jobs.sh write one line per event), the programs' stdout, their stderr, and
with --shell a terminal (hvc0). The kernel's console is not on virtio: every 16 bytes would wait for the device there,
and what is printed before the port is open would be lost.
"""

import ctypes
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import time

# What no run may leave in the kernel's log, on any kernel. QEMU's own complaint of a lost register access is the last.
REPORTS = re.compile(
    r"BUG:|WARNING:|Call Trace|KASAN|UBSAN|possible circular locking|possible recursive locking|inconsistent lock state"
    r"|suspicious RCU usage|unreferenced object|DMA-API:|blocked for more than|soft lockup|rcu_\w+ detected stall"
    r"|Oops|Kernel panic|general protection fault|refcount_t|list_(?:add|del) corruption|leak detector disabled|lockdep is turned off|Unknown symbol|re-entrant IO")
# The debug kernel announces its checkers at boot with the words that their reports have; `traps:` is a program's fault.
HARMLESS = re.compile(r"kasan: KernelAddressSanitizer initialized|DMA-API: (?:preallocated|debugging enabled)"
                      r"|kmemleak: Kernel memory leak detector initialized|\btraps: \S+\[\d+\] ")


def kernel_reports(text):
    """Lines of a kernel log (or of QEMU's stderr) that fail a run."""
    return [line for line in text.splitlines() if REPORTS.search(line) and not HARMLESS.search(line)]


PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def die_with_parent():
    """In the child, before it becomes accd: when we are killed, so is the guest, which ctest's time limit relies on."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Result:
    """How one job ended: `status` is its exit status (None: it never ended), `seconds` guest time."""

    def __init__(self, status, seconds):
        self.status, self.seconds = status, seconds


class Session:
    """Runs one guest. After run(): results {job: Result}, problems [text], kernel_log."""

    def __init__(self, folder, job_count, limits, handler):
        self.folder = folder
        self.job_count = job_count
        self.limits = limits  # seconds: "boot" until the first job, "job" for each, "end" for unload and power off
        self.handler = handler  # handler.output(job, stream, bytes), handler.event(words)
        self.results = {}
        self.problems = []
        self.leaks = []
        self.events = {}
        self.job = None
        self.control = b""
        self.finished = False
        self.deadline = 0.0

    def path(self, name):
        """A file of this session."""
        return os.path.join(self.folder, name)

    # --- channels

    def chardevs(self, shell):
        """QEMU's arguments for the ports; listens on their sockets first."""
        self.listeners = {}
        args = ["-serial", f"file:{self.path('kernel.log')}", "-device", "virtio-serial-pci,id=serial,max_ports=8,addr=2"]
        for number, name in enumerate(("control", "out", "err"), 1):
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listener.bind(self.path(name))
            listener.listen(1)
            self.listeners[name] = listener
            args += ["-chardev", f"socket,id={name},path={self.path(name)}",
                     "-device", f"virtserialport,bus=serial.0,nr={number},chardev={name},name={name}"]
        if shell:
            args += ["-chardev", "stdio,id=shell,signal=off",
                     "-device", "virtconsole,bus=serial.0,nr=4,chardev=shell"]
        return args

    def run(self, command, shell):
        """Starts the guest and serves it until it is off."""
        errors = open(self.path("qemu.log"), "w+b")
        process = subprocess.Popen(command, stdin=None if shell else subprocess.DEVNULL,
                                   stdout=None if shell else errors, stderr=errors, start_new_session=not shell,
                                   preexec_fn=die_with_parent)
        self.deadline = time.monotonic() + self.limits["boot"]
        try:
            self.serve(process, shell)
        finally:
            self.stop(process)
        errors.seek(0)
        self.qemu_log = errors.read().decode(errors="replace")
        errors.close()
        self.conclude(process.returncode)

    def serve(self, process, shell):
        """Moves bytes until QEMU ends or a time limit is over."""
        poll = selectors.DefaultSelector()
        for name, listener in self.listeners.items():
            poll.register(listener, selectors.EVENT_READ, ("accept", name))
        while True:
            for key, _ in poll.select(0.5):
                kind, name = key.data
                if kind == "accept":
                    connection, _ = key.fileobj.accept()
                    poll.unregister(key.fileobj)
                    key.fileobj.close()
                    poll.register(connection, selectors.EVENT_READ, ("data", name))
                elif not self.receive(key.fileobj, name):
                    poll.unregister(key.fileobj)
            if process.poll() is not None:
                for key in list(poll.get_map().values()):
                    if key.data[0] == "data":
                        while self.receive(key.fileobj, key.data[1]):
                            pass
                return
            if not shell and time.monotonic() > self.deadline:
                where = "in job %d" % self.job if self.job is not None else "while it started or stopped"
                self.problems.append(f"the guest did not go on within the time limit ({where})")
                return

    def receive(self, connection, name):
        """Reads what is there; False at the end of the channel."""
        try:
            data = connection.recv(1 << 16)
        except OSError:
            data = b""
        if not data:
            return False
        if name != "control":
            self.handler.output(self.job, name, data)
            return True
        self.control += data
        *lines, self.control = self.control.split(b"\n")
        for line in lines:
            self.event(line.decode(errors="replace"))
        return True

    def event(self, line):
        """One line of the control channel."""
        words = line.split()
        kind = words[0] if words else ""
        now = time.monotonic()
        if kind == "begin":
            self.job = int(words[1])
            self.deadline = now + self.limits["job"] + 30
        elif kind == "end":
            self.results[int(words[1])] = Result(int(words[2]), float(words[4]) - float(words[3]))
            self.job = None
            self.deadline = now + self.limits["end"]
        elif kind == "fail":
            self.problems.append(line[len("fail "):])
        elif kind == "module" and words[1] in ("failed", "busy"):
            what = "could not be loaded: " if words[1] == "failed" else "could not be unloaded: "
            self.problems.append("the module " + what + " ".join(words[2:]))
        elif kind == "done":
            self.finished = True
            self.deadline = now + self.limits["end"]
        elif kind not in ("boot", "root", "module", "shell", "leaks", ""):
            self.leaks.append(line)
        if kind in ("boot", "root", "module", "done", "leaks"):
            self.events[" ".join(words[:-1])] = float(words[-1]) if re.fullmatch(r"[\d.]+", words[-1]) else 0.0
        self.handler.event(words)

    def stop(self, process):
        """Ends QEMU and accd, the gentle way first."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            if process.poll() is not None:
                return
            process.send_signal(how)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                pass

    def conclude(self, status):
        """What went wrong with the guest as such."""
        try:
            with open(self.path("kernel.log"), encoding="utf-8", errors="replace") as file:
                self.kernel_log = file.read().replace("\r", "")
        except OSError:
            self.kernel_log = ""
        missing = self.job_count - len(self.results)
        if not self.finished and not self.problems:
            self.problems.append(f"the guest ended early (QEMU's exit status {status}); {missing} of {self.job_count} jobs did not end")
        reports = kernel_reports(self.kernel_log) + kernel_reports("\n".join(self.leaks)) + kernel_reports(self.qemu_log)
        if reports:
            self.problems.append(f"{len(reports)} reports in the kernel's log, the first: {reports[0].strip()}")


class Printer:
    """The handler of a usual run: programs' output goes to our own stdout and stderr as it comes."""

    def __init__(self, results_folder, names):
        self.folder, self.names = results_folder, names
        self.logs = {}

    def output(self, job, stream, data):
        """Called for each piece of output; also keeps it per job when there is a results folder."""
        target = sys.stdout.buffer if stream == "out" else sys.stderr.buffer
        target.write(data)
        target.flush()
        if self.folder and job is not None:
            if job not in self.logs:
                self.logs[job] = open(os.path.join(self.folder, self.names[job] + ".log"), "wb")
            self.logs[job].write(data)
            self.logs[job].flush()

    def event(self, words):
        """Called for each event of the guest."""
