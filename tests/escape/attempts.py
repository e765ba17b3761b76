"""Which attempts to get out are made, and what does each of them get to see?

An attempt is code that defines ``attempt()``. What it returns would be a success; what it should meet is an error, and
``seen`` holds the answers that are right: names of errno, or of exceptions. ``{secret}``, ``{home}``, ``{port}`` … are
filled in by the test.
"""

from __future__ import annotations

from dataclasses import dataclass

PRELUDE = '''
import ctypes, errno, json, os, platform, socket, struct, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
X86 = platform.machine() == "x86_64"

def checked(result):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result

def call(x86, arm, *args):
    words = [a if isinstance(a, (ctypes.c_char_p, ctypes.c_void_p)) else ctypes.c_long(a) for a in args]
    return checked(libc.syscall(ctypes.c_long(x86 if X86 else arm), *words))

def in_a_child(act):
    """Return how a child ended that did this."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
'''

REPORT = """
try:
    got = attempt()
except OSError as error:
    seen = errno.errorcode.get(error.errno, type(error).__name__)
    if isinstance(error, socket.gaierror):
        seen = "gaierror"
except BaseException as error:
    seen = type(error).__name__
else:
    seen = "GOT: " + repr(got)[:300]
with open("/out/%d" % number, "w") as stream:
    stream.write(seen)
"""

# Each attempt has a process of its own, one after the other: a run of its own for each would take ten times as long.
ALL_IN_TURN = """
import json, os, signal
with open('/run/evaluator/attempts.json') as stream:
    programs = json.load(stream)
for number, program in enumerate(programs):
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(20)
            exec(program, {'number': number})
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
"""


@dataclass(frozen=True)
class Attempt:
    """One way to get out: its name, the body of ``attempt()``, and what it may see."""

    name: str
    body: str
    seen: tuple[str, ...]

    def code(self, **places: object) -> str:
        """Return the whole program."""
        body = self.body
        for name, value in places.items():
            body = body.replace("{" + name + "}", str(value))
        lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
        return f"{PRELUDE}\ndef attempt():\n{lines}\n{REPORT}"


def _a(name: str, body: str, *seen: str) -> Attempt:
    return Attempt(name, body, seen)


_ABSENT = ("ENOENT", "EACCES")
_SEALED = ("EROFS", "EACCES")

SECRETS = (
    _a("shadow file", "return open('/etc/shadow').read()", "ENOENT"),
    _a("key of the host", "return open('{secret}').read()", "ENOENT"),
    _a("home of the caller", "return os.listdir('{home}')", *_ABSENT),
    _a("homes", "return [n for n in os.listdir('/home') if n != 'user'] or 1/0", "ZeroDivisionError"),
    _a("ssh folder of root", "return os.listdir('/root/.ssh')", *_ABSENT),
    _a("logs", "return os.listdir('/var/log')", "ENOENT"),
    _a("other runs", "return [n for n in os.listdir('/tmp')] or 1/0", "ZeroDivisionError"),
    _a("the tool's package", "return os.listdir('{package}')", "ENOENT"),
    _a("environment of the tool", "return os.environ['{variable}']", "KeyError"),
    _a(
        "environments in /proc",
        """
found = []
for entry in os.listdir('/proc'):
    try:
        if b'{variable}' in open('/proc/' + entry + '/environ', 'rb').read():
            found.append(entry)
    except OSError:
        pass
return found or 1/0
""",
        "ZeroDivisionError",
    ),
    _a("environment of process 1", "return open('/proc/1/environ', 'rb').read()", "EACCES", "EPERM"),
    _a("memory of process 1", "return open('/proc/1/mem', 'rb').read(1)", "EACCES", "EPERM"),
    _a("maps of process 1", "return open('/proc/1/maps').read() or 1/0", "EACCES", "EPERM", "ZeroDivisionError"),
    _a("descriptors of process 1", "return os.listdir('/proc/1/fd')", "EACCES", "EPERM"),
    _a(
        "result descriptor of process 1",
        """
for number in range(3, 64):
    try:
        return os.open('/proc/1/fd/%d' % number, os.O_WRONLY)
    except OSError as error:
        last = error
raise last
""",
        "EACCES",
        "EPERM",
    ),
    _a("root of process 1", "return os.listdir('/proc/1/root/')", "EACCES", "EPERM"),
    _a("folder of process 1", "return os.listdir('/proc/1/cwd/')", "EACCES", "EPERM"),
    _a("name spaces of process 1", "return os.readlink('/proc/1/ns/mnt')", "EACCES", "EPERM"),
    _a("absolute link in the project", "return open('/work/absolute').read()", "ENOENT"),
    _a("climbing link in the project", "return open('/work/climbing').read()", "ENOENT"),
    _a("link to the root", "return open('/work/root/etc/shadow').read()", "ENOENT"),
    _a("link to a secret", "return open('/work/secret').read()", "ENOENT"),
    _a("link to a secret, at the read-only project", "return open('/src/secret').read()", "ENOENT"),
    _a("link to process 1", "return open('/work/environment', 'rb').read()", "EACCES", "EPERM"),
    _a(
        "climbing by chdir",
        "os.chdir('/src'); [os.chdir('..') for _ in range(99)]; return os.listdir('{home}')",
        *_ABSENT,
    ),
    _a(
        "climbing by a descriptor",
        """
number = os.open('/work', os.O_RDONLY)
for _ in range(99):
    number = os.open('..', os.O_RDONLY, dir_fd=number)
return os.open('etc/shadow', os.O_RDONLY, dir_fd=number)
""",
        "ENOENT",
    ),
    _a("disks", "return [open('/dev/' + n, 'rb') for n in ('sda', 'vda', 'mem', 'kmsg', 'nvme0n1')]", "ENOENT"),
    _a("kernel keys", "return open('/proc/keys').read() or 1/0", "EACCES", "ENOENT", "ZeroDivisionError"),
    _a("kernel log", "return call(103, 116, 3, 0, 0)", "EPERM"),
)

WRITES = (
    *(
        _a(f"write {place}", f"return os.open('{place}/written', os.O_CREAT | os.O_WRONLY)", *_SEALED)
        for place in (
            "",
            "/usr",
            "/usr/bin",
            "/etc",
            "/src",
            "/dev",
            "/run",
            "/run/evaluator",
            "/home",
            "/var",
            "/root",
        )
        if place != "/root"
    ),
    _a("write into /proc", "return os.open('/proc/written', os.O_CREAT | os.O_WRONLY)", "ENOENT", *_SEALED),
    _a("change a program", "return os.open('/usr/bin/env', os.O_WRONLY)", *_SEALED, "EPERM", "ETXTBSY"),
    _a("change the launcher", "return os.open('/run/launcher', os.O_WRONLY)", *_SEALED),
    _a("change a placed plug-in", "return os.open('/run/evaluator/plugin.py', os.O_WRONLY)", *_SEALED),
    _a("remove a placed plug-in", "return os.remove('/run/evaluator/plugin.py')", *_SEALED),
    _a("free a placed plug-in", "return os.chmod('/run/evaluator/plugin.py', 0o666)", *_SEALED, "EPERM"),
    _a("move a folder over another", "return os.rename('/out', '/usr2')", *_SEALED, "EXDEV", "EBUSY"),
    _a("change the accounts", "return os.open('/etc/passwd', os.O_WRONLY)", *_SEALED),
    _a("change the project through /src", "return os.open('/src/a.txt', os.O_WRONLY)", *_SEALED),
    _a("link the project's file", "return os.link('/src/a.txt', '/work/hard')", "EXDEV", "EPERM"),
    _a("core pattern", "return os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY)", *_SEALED),
    _a(
        "all kernel settings",
        """
opened = []
for folder, _, names in os.walk('/proc/sys'):
    for name in names:
        try:
            os.close(os.open(os.path.join(folder, name), os.O_WRONLY))
            opened.append(folder + '/' + name)
        except OSError:
            pass
return opened or 1/0
""",
        "ZeroDivisionError",
    ),
    _a("reboot by a file", "return os.open('/proc/sysrq-trigger', os.O_WRONLY)", *_SEALED, "ENOENT"),
    _a("make a device", "return os.mknod('/work/disk', 0o60666, os.makedev(8, 0))", "EPERM"),
    _a(
        "uid map of its own", "return os.write(os.open('/proc/self/uid_map', os.O_WRONLY), b'0 0 1')", "EPERM", *_SEALED
    ),
)

NETWORK = (
    _a("service on the host's loopback", "return socket.create_connection(('127.0.0.1', {port}), 3)", "ECONNREFUSED"),
    _a(
        "datagram to the host's loopback",
        """
door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
door.connect(('127.0.0.1', {udp_port}))
door.send(b'x')
import time
time.sleep(0.2)
return door.send(b'x')
""",
        "ECONNREFUSED",
    ),
    _a("TCP to the outside", "return socket.create_connection(('192.0.2.1', 80), 3)", "ENETUNREACH"),
    _a(
        "TCP to the outside, version 6",
        "return socket.create_connection(('2001:db8::1', 80), 3)",
        "ENETUNREACH",
        "EADDRNOTAVAIL",
    ),
    _a(
        "UDP to the outside",
        "return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "ENETUNREACH",
    ),
    _a("names", "return socket.getaddrinfo('example.org', 80)", "gaierror"),
    _a("abstract socket of the host", "return socket.socket(socket.AF_UNIX).connect('\\0{abstract}')", "ECONNREFUSED"),
    _a("socket of the host in a folder", "return socket.socket(socket.AF_UNIX).connect('{socket}')", "ENOENT"),
    _a("AF_VSOCK to the hypervisor", "return socket.socket(40, socket.SOCK_STREAM)", "EAFNOSUPPORT"),
    _a("AF_PACKET", "return socket.socket(17, socket.SOCK_RAW)", "EAFNOSUPPORT"),
    _a("AF_ALG", "return socket.socket(38, socket.SOCK_SEQPACKET)", "EAFNOSUPPORT"),
    _a("AF_BLUETOOTH", "return socket.socket(31, socket.SOCK_RAW)", "EAFNOSUPPORT"),
    _a("netlink of the packet filter", "return socket.socket(16, socket.SOCK_RAW, 12)", "EPROTONOSUPPORT"),
    _a("SCTP", "return socket.socket(socket.AF_INET, socket.SOCK_SEQPACKET, 132)", "EPROTONOSUPPORT"),
    _a("raw packets", "return socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)", "EPERM"),
    _a(
        "an interface",
        """
import fcntl
door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
return fcntl.ioctl(door, 0x8914, struct.pack('16sh22x', b'lo', 0))
""",
        "EPERM",
    ),
    _a(
        "interfaces other than loopback",
        "return [n for _, n in socket.if_nameindex() if n not in ('lo', 'sit0', 'tunl0', 'ip6tnl0', 'gre0', 'gretap0', 'erspan0', 'ip_vti0', 'ip6_vti0', 'ip6gre0')] or 1/0",
        "ZeroDivisionError",
    ),
)

PROCESSES = (
    _a("ptrace process 1", "return call(101, 117, 16, 1, 0, 0)", "EPERM"),
    _a("ptrace at all", "return call(101, 117, 0, 0, 0, 0)", "EPERM"),
    _a("read the memory of process 1", "return call(310, 270, 1, 0, 0, 0, 0, 0)", "EPERM"),
    _a("write the memory of process 1", "return call(311, 271, 1, 0, 0, 0, 0, 0)", "EPERM"),
    _a("take a descriptor of process 1", "return call(438, 438, call(434, 434, 1, 0), 4, 0)", "EPERM"),
    _a(
        "limits of process 1",
        "import resource; return resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0))",
        "EPERM",
        "PermissionError",
    ),
    _a("a process of the host", "return os.kill({pid}, 0)", "ESRCH"),
    _a(
        "processes other than ours",
        "return [p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid(), os.getppid())] or 1/0",
        "ZeroDivisionError",
    ),
    _a("become root", "return os.setuid(0)", "EPERM", "EINVAL"),
    _a("become somebody else", "return os.setresuid(12345, 12345, 12345)", "EPERM", "EINVAL"),
    _a("another group", "return os.setgroups([0])", "EPERM"),
    _a(
        "rights of a program",
        "return [l for l in open('/proc/self/status') if l.startswith('Cap') and int(l.split()[1], 16)] or 1/0",
        "ZeroDivisionError",
    ),
    _a(
        "new rights",
        "return [l for l in open('/proc/self/status') if l.startswith('NoNewPrivs') and l.split()[1] != '1'] or 1/0",
        "ZeroDivisionError",
    ),
    _a(
        "su and sudo",
        """
for words in (['su', '-c', 'id'], ['sudo', '-n', 'id'], ['pkexec', 'id'], ['newgrp', 'root']):
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=5)
    except FileNotFoundError:
        continue
    if done.returncode == 0 and b'uid=0' in done.stdout:
        return done.stdout
return 1/0
""",
        "ZeroDivisionError",
    ),
    _a(
        "a program with the bit of its owner",
        """
import shutil
shutil.copy('/usr/bin/id', '/tmp/id')
os.chmod('/tmp/id', 0o6755)
done = subprocess.run(['/tmp/id', '-u'], capture_output=True, text=True)
return done.stdout.strip() != '1000' or 1/0
""",
        "ZeroDivisionError",
    ),
    _a(
        "raise the limit of files' size",
        "import resource; return resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))",
        "ValueError",
        "EPERM",
    ),
    _a(
        "raise the limit of processes",
        "import resource; return resource.setrlimit(resource.RLIMIT_NPROC, (-1, -1))",
        "ValueError",
        "EPERM",
    ),
    _a(
        "raise the limit of CPU time",
        "import resource; return resource.setrlimit(resource.RLIMIT_CPU, (-1, -1))",
        "ValueError",
        "EPERM",
    ),
    _a("a better priority", "return os.nice(-5)", "EPERM", "EACCES"),
    _a("type into the terminal of the caller", "return os.open('/dev/tty', os.O_RDWR)", "ENXIO", "ENOENT", "EACCES"),
    _a("type into a terminal", "import fcntl; return fcntl.ioctl(os.openpty()[1], 0x5412, b'x')", "EPERM"),
    _a(
        "type into a terminal, high bits set",
        "return checked(libc.ioctl(os.openpty()[1], ctypes.c_ulong(0x100005412), b'x'))",
        "EPERM",
    ),
    _a("paste into a console", "import fcntl; return fcntl.ioctl(os.openpty()[1], 0x541C, b'x')", "EPERM"),
)

KERNEL = (
    _a("new user name space", "return call(272, 97, 0x10000000)", "EPERM"),
    _a("new mount name space", "return call(272, 97, 0x00020000)", "EPERM"),
    _a("new network name space", "return call(272, 97, 0x40000000)", "EPERM"),
    _a("clone with a user name space", "return call(56, 220, 0x10000000 | 17, 0, 0, 0, 0)", "EPERM"),
    _a("clone3", "return call(435, 435, 0, 0)", "ENOSYS"),
    _a(
        "unshare(1)",
        "return subprocess.run(['unshare', '-Ur', 'id'], capture_output=True).returncode == 0 or 1/0",
        "ZeroDivisionError",
        "ENOENT",
    ),
    _a(
        "a sandbox in the sandbox",
        "return subprocess.run(['bwrap', '--unshare-user', '--ro-bind', '/', '/', 'id'], capture_output=True).returncode == 0 or 1/0",
        "ZeroDivisionError",
        "ENOENT",
    ),
    _a("enter a name space", "return call(308, 268, os.open('/proc/self/ns/net', os.O_RDONLY), 0)", "EPERM"),
    _a("mount", "return checked(libc.mount(b'none', b'/work', b'tmpfs', 0, None))", "EPERM"),
    _a("remount for writing", "return checked(libc.mount(b'none', b'/', None, 32 | 4096, None))", "EPERM"),
    _a("unmount", "return checked(libc.umount2(b'/proc/sys', 2))", "EPERM"),
    _a("new mount interface", "return call(428, 428, -100, ctypes.c_char_p(b'/'), 1)", "EPERM"),
    _a("new file system interface", "return call(430, 430, ctypes.c_char_p(b'tmpfs'), 0)", "EPERM"),
    _a("chroot", "return os.chroot('/work')", "EPERM"),
    _a("pivot_root", "return call(155, 41, ctypes.c_char_p(b'/work'), ctypes.c_char_p(b'/work'))", "EPERM"),
    _a("bpf", "return call(321, 280, 0, 0, 0)", "EPERM"),
    _a("perf events", "return call(298, 241, 0, 0, -1, -1, 0)", "EPERM"),
    _a("io_uring", "return call(425, 425, 8, 0)", "EPERM"),
    _a("userfaultfd", "return call(323, 282, 1)", "EPERM"),
    _a("keyring", "return call(250, 219, 0, -3, 1)", "EPERM"),
    _a("a new key", "return call(248, 217, 0, 0, 0, 0, -3)", "EPERM"),
    _a("open a file by its number", "return call(304, 265, -100, 0, 0)", "EPERM"),
    _a("load a module", "return call(175, 105, 0, 0, 0)", "EPERM"),
    _a("load a kernel", "return call(246, 104, 0, 0, 0, 0)", "EPERM"),
    _a("reboot", "return call(169, 142, 0xfee1dead, 672274793, 0x89abcdef, 0)", "EPERM"),
    _a("set the clock", "import time; return time.clock_settime(time.CLOCK_REALTIME, 0)", "EPERM"),
    _a("name of the machine", "return socket.sethostname('x')", "EPERM"),
    _a("watch all files", "return call(300, 262, 0, 0)", "EPERM"),
    _a("calls that are newer than the filter", "return call(463, 463, 0, 0, 0, 0)", "ENOSYS"),
    _a(
        "x32 calls",
        """
if not X86:
    raise OSError(errno.ENOSYS, 'not this processor')
how = in_a_child(lambda: libc.syscall(ctypes.c_long(0x40000000 + 39)))
return 'came back' if how == 0 else 1/0
""",
        "ZeroDivisionError",
        "ENOSYS",
    ),
    _a(
        "calls of 32-bit programs",
        """
if not X86:
    raise OSError(errno.ENOSYS, 'not this processor')
import mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3]))
code = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
how = in_a_child(code)
return 'came back' if how == 0 else 1/0
""",
        "ZeroDivisionError",
        "ENOSYS",
    ),
)

ALL = (*SECRETS, *WRITES, *NETWORK, *PROCESSES, *KERNEL)
