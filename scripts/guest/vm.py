# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/vm's work: boots the guest with the device, runs programs in it. `scripts/vm --help` is the manual."""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import debian_kernel  # noqa: E402
import image  # noqa: E402
from session import Printer, Session, kernel_reports  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.dirname(os.path.abspath(__file__))
GUEST_FAILED = 125  # our exit status when the guest or this script, not a program, failed
MINIMUM_MEMORY = 256  # MiB; with less the guest ends without a word
BASE_MODULES = ["9pnet_virtio", "9p", "overlay"]
MSIZE = 512000
# The caller's environment goes into the guest as far as it means something there.
KEEP_ENVIRONMENT = re.compile(r"^(PATH|HOME|USER|LANG|LC_\w+|TZ|(ACC|CUDA|GTEST|ASAN|UBSAN|LSAN|TSAN|OMP|DRM|KMD)_\w*|LD_LIBRARY_PATH)$")
# Work that an emulated PC need not do at boot. acpi=noirq: the interpreter needs 25 s per device for the table of
# interrupt pins (_PRT) on the sanitizer kernel; the BIOS's MP table says the same. watchdog_thresh is not about speed:
# a lockup is given the time that emulation costs.
KERNEL_ARGUMENTS = ("console=ttyS0 loglevel=7 panic=-1 acpi=noirq nokaslr no_timer_check tsc=reliable mitigations=off random.trust_cpu=on audit=0 "
                    "apparmor=0 selinux=0 rcupdate.rcu_expedited=1 i8042.noaux i8042.nokbd "
                    "8250.nr_uarts=1 cryptomgr.notests raid=noautodetect watchdog_thresh=30")


def parse(argv):
    """The command line; see the head of scripts/vm."""
    parser = argparse.ArgumentParser(prog="scripts/vm", add_help=False)
    add = parser.add_argument
    add("--kasan", action="store_true")
    add("--no-build", action="store_true")
    add("--devices", type=int, default=1)
    add("--vram", type=int, default=256)
    add("--compute-units", type=int, default=0)
    add("--memory", type=int, default=1536)
    add("--timeout", type=int, default=300)
    add("--shell", action="store_true")
    add("-c", dest="lines", action="append", default=[])
    add("--list", dest="list_file")
    add("--results")
    add("--write", action="append", default=[])
    add("--env", action="append", default=[])
    add("--append", default="")
    add("--module-args", default="")
    add("--module")
    add("--no-module", action="store_true")
    add("--accd-args", default="")
    add("--keep", action="store_true")
    add("--verbose", action="store_true")
    add("program", nargs=argparse.REMAINDER)
    options = parser.parse_args(argv)
    if options.program[:1] == ["--"]:
        options.program = options.program[1:]
    return options


class Fatal(Exception):
    """Ends the script with a message."""


def check(options):
    """Finds out what would only fail in QEMU or in the guest, where the message would be about something else."""
    if not 0 <= options.devices <= 4:
        raise Fatal(f"--devices {options.devices}: 0 to 4 are possible")
    if options.vram < 2 or options.vram & (options.vram - 1):
        raise Fatal(f"--vram {options.vram}: MiB, a power of two")
    if options.memory < MINIMUM_MEMORY:
        raise Fatal(f"--memory {options.memory}: the guest needs {MINIMUM_MEMORY} MiB to boot")
    if options.shell and not sys.stdin.isatty():
        raise Fatal("--shell needs a terminal (what a pipe holds would come before the guest listens); for a script: -c LINE or --list FILE")
    for folder in options.write:
        if not os.path.isdir(folder):
            raise Fatal(f"--write: {folder} is not a folder")
        if re.search(r"[\s,]", os.path.abspath(folder)):
            raise Fatal(f"--write: '{os.path.abspath(folder)}' has a blank or comma in its path, which neither QEMU nor the guest's init understands")


def collect_jobs(options):
    """[(name, shell line)] in the order of running."""
    jobs = []
    if options.program:
        program = options.program[0]
        found = shutil.which(program) or (shutil.which(os.path.abspath(program)))
        if not found:
            there = os.path.isfile(program)
            raise Fatal(f"{program} is not executable; to run a line of shell: -c" if there else
                        f"no such program: {program} (looked in {os.getcwd()}{'' if '/' in program else ' and PATH'})")
        jobs.append((os.path.basename(program), shlex.join(options.program)))
    for number, line in enumerate(options.lines):
        jobs.append((f"line-{number}", line))
    if options.list_file:
        with open(options.list_file, encoding="utf-8") as file:
            for text in file:
                text = text.rstrip("\n")
                if not text.strip() or text.startswith("#"):
                    continue
                name, tab, line = text.partition("\t")
                jobs.append((name if tab else os.path.basename(text.split()[0]), line if tab else text))
    names = [name.replace("/", "_") for name, _ in jobs]
    for name in names:
        if names.count(name) > 1:
            raise Fatal(f"two jobs are called {name}")
    if not jobs and not options.shell:
        raise Fatal("nothing to run: name a program, -c LINE, --list FILE or --shell; --help explains")
    return [(name, line) for name, (_, line) in zip(names, jobs)]


def job_script(line, environment, folder):
    """What the guest runs for one job: the caller's folder and environment, then the line."""
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())
    return f"{exports}cd {shlex.quote(folder)} || exit 126\n{line}\n"


def guest_environment(options, library_folder):
    """Environment of the jobs."""
    environment = {k: v for k, v in os.environ.items() if KEEP_ENVIRONMENT.match(k)}
    paths = [library_folder] + environment.get("LD_LIBRARY_PATH", "").split(":")
    environment["LD_LIBRARY_PATH"] = ":".join(path for path in paths if path)
    for setting in options.env:
        name, equals, value = setting.partition("=")
        environment[name] = value if equals else os.environ.get(name, "")
    return environment


def guest_conf(options, base, driver, kernel):
    """The settings that init and jobs.sh read, as shell assignments."""
    size = os.get_terminal_size() if options.shell and sys.stdout.isatty() else None
    settings = {
        "BASE_MODULES": " ".join(base),
        "DRIVER_MODULES": " ".join(driver),
        "MODULE_ARGS": options.module_args,
        "MSIZE": MSIZE,
        "WRITABLE": " ".join(os.path.abspath(folder) for folder in options.write),
        "JOB_TIMEOUT": options.timeout,
        "LEAK_PAUSE": 6,  # kmemleak does not report objects younger than five seconds
        "CONTROL_PORT": "vport0p1", "OUT_PORT": "vport0p2", "ERR_PORT": "vport0p3",
        "SHELL_WANTED": "yes" if options.shell else "no", "SHELL_TTY": "hvc0",
        "SHELL_SIZE": f"rows {size.lines} cols {size.columns}" if size else "sane",
        "GUEST_TERM": os.environ.get("TERM", "linux"),
        "HOST_CWD": os.getcwd(),
        "SANITIZER": "yes" if kernel.modules is None else "no",
        "KERNEL_MODULES": os.path.abspath(kernel.modules) if kernel.modules else "",
    }
    return "".join(f"{name}={shlex.quote(str(value))}\n" for name, value in settings.items())


def build_initramfs(path, options, kernel, module, jobs, environment):
    """Writes the initramfs: busybox, the modules, init, the jobs."""
    archive = image.Initramfs()
    with open("/bin/busybox", "rb") as file:
        archive.file("bin/busybox", file.read(), 0o755)
    for name in ("dev", "proc", "sys", "sbin"):
        archive.folder(name)

    def add_modules(wanted):
        files = []
        for relative in wanted:
            name = os.path.basename(relative).split(".ko")[0] + ".ko"
            archive.file(f"acc/modules/{name}", image.read_module(os.path.join(kernel.modules, relative)))
            files.append(name)
        return files

    base_paths = image.resolve(kernel.modules, BASE_MODULES)
    base = add_modules(base_paths)
    driver = []
    if module:
        needed = image.resolve(kernel.modules, image.module_depends(module))
        driver = add_modules([p for p in needed if p not in base_paths]) + ["acc.ko"]
        archive.file("acc/modules/acc.ko", image.read_module(module))
    archive.file("acc/guest.conf", guest_conf(options, base, driver, kernel).encode())
    for name, where in (("init", "init"), ("jobs.sh", "acc/jobs.sh")):
        with open(os.path.join(HERE, name), "rb") as file:
            archive.file(where, file.read(), 0o755)
    archive.file("acc/stdin", b"")
    for number, (_, line) in enumerate(jobs):
        archive.file(f"acc/jobs/{number}", job_script(line, environment, os.getcwd()).encode())
    archive.write(path)


def qemu_command(options, kernel, initramfs, session, accd):
    """accd and QEMU with everything of the guest."""
    append = f"{KERNEL_ARGUMENTS} {options.append}"
    machine = ["qemu-system-x86_64"]
    if accd:
        front = [accd, "--devices", str(options.devices), "--vram-mib", str(options.vram), "--ram-mib", str(options.memory)]
        if options.compute_units:
            front += ["--compute-units", str(options.compute_units)]
        machine = front + shlex.split(options.accd_args) + ["--"] + machine
    else:
        machine += ["-accel", "tcg,thread=single", "-m", str(options.memory)]
    machine += ["-machine", "pc,usb=off,vmport=off", "-cpu", "max,la57=off", "-smp", "2", "-nodefaults", "-no-user-config",
                "-vga", "none", "-display", "none", "-no-reboot", "-kernel", kernel.vmlinux, "-initrd", initramfs, "-append", append]
    machine += session.chardevs(options.shell)
    machine += ["-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap",
                "-device", "virtio-9p-pci,fsdev=host,mount_tag=host,addr=3"]
    for number, folder in enumerate(options.write):
        machine += ["-fsdev", f"local,id=share{number},path={os.path.abspath(folder)},security_model=none,multidevs=remap",
                    "-device", f"virtio-9p-pci,fsdev=share{number},mount_tag=share{number},addr={10 + number:#x}"]
    return machine


def write_results(folder, jobs, results):
    """NAME.status for every job: its exit status, or a word when it never ended."""
    for number, (name, _) in enumerate(jobs):
        result = results.get(number)
        with open(os.path.join(folder, name + ".status"), "w", encoding="ascii") as file:
            file.write(f"{result.status} {result.seconds:.2f}\n" if result else "not-run\n")


def summary(jobs, results, time_limit):
    """Prints a line per job when there are several or one was killed; returns the exit status of the whole."""
    status = 0
    for number, (name, _) in enumerate(jobs):
        result = results.get(number)
        word = "did not run" if result is None else "ok" if result.status == 0 else f"exit status {result.status}"
        if result is not None and result.status == 137:
            word += " (killed; at the time limit?)" if result.seconds < time_limit else f" (killed at the time limit of {time_limit} s; --timeout)"
        if len(jobs) > 1 or (result is not None and result.status == 137):
            print(f"vm: {name}: {word}" + (f" ({result.seconds:.1f} s)" if result else ""), file=sys.stderr)
        status = status or (result.status if result else GUEST_FAILED)
    return status


def log_extract(log):
    """The part of a kernel log that matters: from shortly before its first report on, else its end."""
    lines = log.splitlines()
    reports = set(kernel_reports(log))
    first = next((i for i, line in enumerate(lines) if line in reports), None)
    return lines[-60:] if first is None else lines[max(0, first - 15):first + 185]


def report_problems(session, options):
    """Tells what is wrong with the guest, with the part of the log that shows it."""
    for problem in session.problems:
        print(f"vm: {problem}", file=sys.stderr)
    if session.leaks:
        print("\n".join(session.leaks[:200]), file=sys.stderr)
    if not options.verbose:
        print("vm: --- from the kernel's log", file=sys.stderr)
        print("\n".join(log_extract(session.kernel_log)), file=sys.stderr)
    if session.qemu_log.strip():
        print("vm: --- accd and QEMU", file=sys.stderr)
        print("\n".join(session.qemu_log.splitlines()[-40:]), file=sys.stderr)


def script(*command):
    """Runs one of our scripts, its progress shown on stderr; returns what it printed on stdout."""
    done = subprocess.run([os.path.join(ROOT, "scripts", command[0]), *command[1:]], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Fatal(f"scripts/{' '.join(command)} failed")
    return done.stdout.strip()


def build_all(options):
    """Builds accd, acc.ko and the toolkit's libraries."""
    targets = ["toolkit"]
    if options.devices > 0:
        targets.append("accd")
    if not options.no_module and not options.module and not options.kasan:
        targets.append("acc_kmod")
    script("build", "--no-deps", *targets)


def artefacts(options):
    """(kernel, acc.ko or None, accd or None, folder of our libraries)."""
    build = os.path.join(ROOT, "build", os.environ.get("ACC_PRESET", "release"))
    module, accd = os.path.join(build, "kmod/acc.ko"), os.path.join(build, "bin/accd")
    if not options.no_build:
        build_all(options)
    if options.kasan:
        kernel_folder = script("kmd-kernel")
        kernel = image.sanitizer_kernel(kernel_folder)
        module = os.path.join(build, "kmod-debug/acc.ko")
        if not options.no_module and not options.module:
            script("build-kmod", "--for", os.path.join(kernel_folder, "build"), os.path.dirname(module))
    else:
        kernel = debian_kernel.kernel(os.path.join(ROOT, "build/guest"))
    if options.no_module:
        module = None
    elif options.module:
        module = options.module
        if not os.path.isfile(module):
            raise Fatal(f"--module: {module} does not exist")
    elif not os.path.exists(module):
        raise Fatal(f"{module} does not exist; scripts/vm without --no-build makes it")
    if options.devices == 0:
        accd = None
    elif not os.path.exists(accd):
        raise Fatal(f"{accd} does not exist; scripts/vm without --no-build makes it")
    return kernel, module, accd, os.path.join(build, "lib64")


def run(options):
    """The whole run; returns the exit status."""
    started = time.monotonic()
    check(options)
    jobs = collect_jobs(options)
    kernel, module, accd, libraries = artefacts(options)
    if options.results:
        os.makedirs(options.results, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="acc-vm.")
    try:
        slow = 5 if options.kasan else 1  # the sanitizer kernel is that much slower
        options.timeout *= slow
        limits = {"boot": 120 * slow, "job": options.timeout, "end": 60 * slow}
        session = Session(folder, len(jobs), limits, Printer(options.results, [name for name, _ in jobs]))
        initramfs = os.path.join(folder, "initramfs")
        build_initramfs(initramfs, options, kernel, module, jobs, guest_environment(options, libraries))
        command = qemu_command(options, kernel, initramfs, session, accd)
        prepared = time.monotonic()
        session.run(command, options.shell)
        sys.stdout.flush()
        if options.results:
            write_results(options.results, jobs, session.results)
            shutil.copyfile(session.path("kernel.log"), os.path.join(options.results, "kernel-log.txt"))
        status = summary(jobs, session.results, options.timeout)
        if options.verbose:
            print(f"vm: {time.monotonic() - started:.1f} s in all ({prepared - started:.1f} s of it before QEMU); "
                  f"guest clock: {session.events}", file=sys.stderr)
            print(session.kernel_log, file=sys.stderr)
        if session.problems:
            report_problems(session, options)
            return GUEST_FAILED
        return status
    finally:
        if options.keep:
            print(f"vm: logs are in {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def main():
    """Entry point."""
    try:
        sys.exit(run(parse(sys.argv[1:])))
    except (Fatal, image.ImageError, subprocess.CalledProcessError, OSError) as error:
        print(f"vm: {error}", file=sys.stderr)
        sys.exit(GUEST_FAILED)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
