import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Each in a network namespace of its own. They need root and iproute2 and are skipped by name without.
@Suite(.enabled(if: NetworkNamespace.isAvailable, "needs root and iproute2")) struct `Listeners on hosts of every shape` {
    @Test func `serve both families on a host that has both`() throws {
        let report = try NetworkNamespace(.both).report(
            "--listen", "all:8000", "--dial", "127.0.0.1", "--dial", "::1", "--dial", "10.9.9.1", "--dial", "fd77::5")
        #expect(
            report == """
                {"listeners":[{"family":"ipv4","address":"0.0.0.0","port":8000,"v6only":false},\
                {"family":"ipv6","address":"::","port":8000,"v6only":true}],"warnings":[],"status":"ok",\
                "families":{"ipv4":"reachable","ipv6":"reachable"},\
                "dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"ipv6 ::1","10.9.9.1":"ipv4 10.9.9.1","fd77::5":"ipv6 fd77::5"}}
                """)
    }

    @Test(arguments: ["localhost:8000", "all:8000"])
    func `serve both families on a host whose only IPv6 address is loopback`(specification: String) throws {
        // The shape in which a bind by name dies: see InternetAddress.
        let report = try NetworkNamespace(.ipv4Only).report("--listen", specification, "--dial", "127.0.0.1", "--dial", "::1")
        #expect(report.hasSuffix(#""dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"ipv6 ::1"}}"#), "\(report)")
        #expect(report.contains(#""warnings":[],"status":"ok""#), "\(report)")
    }

    @Test func `serve IPv4 and warn where no IPv6 address is left`() throws {
        let report = try NetworkNamespace(.noIPv6Address).report("--listen", "localhost:8000", "--dial", "127.0.0.1")
        #expect(
            report == """
                {"listeners":[{"family":"ipv4","address":"127.0.0.1","port":8000,"v6only":false}],\
                "warnings":["cannot listen on [::1]:8000: this host has no such address (EADDRNOTAVAIL)"],"status":"ok",\
                "families":{"ipv4":"reachable","ipv6":"not listening"},"dialled":{"127.0.0.1":"ipv4 127.0.0.1"}}
                """)
    }

    @Test func `bind the IPv6 wildcard without an IPv6 address and call the family absent`() throws {
        let report = try NetworkNamespace(.noIPv6Address).report("--listen", "all:8000", "--dial", "10.9.9.1", "--dial", "::1")
        #expect(report.contains(#"{"family":"ipv6","address":"::","port":8000,"v6only":true}"#), "\(report)")
        #expect(report.contains(#""status":"warning","families":{"ipv4":"reachable","ipv6":"absent"}"#), "\(report)")
        #expect(report.hasSuffix(#""dialled":{"10.9.9.1":"ipv4 10.9.9.1","::1":"EADDRNOTAVAIL"}}"#), "\(report)")
    }

    @Test func `serve IPv6 where the host has nothing else`() throws {
        let report = try NetworkNamespace(.ipv6Only).report("--listen", "all:8000", "--dial", "fd77::5", "--dial", "::1")
        #expect(report.hasSuffix(#""dialled":{"fd77::5":"ipv6 fd77::5","::1":"ipv6 ::1"}}"#), "\(report)")
        #expect(report.contains(#""ipv6":"reachable""#), "\(report)")
    }

    @Test func `serve both families whatever bindv6only says`() throws {
        let report = try NetworkNamespace(.both, sysctl: "net.ipv6.bindv6only=1").report(
            "--listen", "all:8000", "--dial", "127.0.0.1", "--dial", "::1")
        #expect(report.hasSuffix(#""dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"ipv6 ::1"}}"#), "\(report)")
    }

    @Test func `get one port on both families for port 0`() throws {
        let report = try NetworkNamespace(.both).report("--listen", "localhost:0", "--dial", "127.0.0.1", "--dial", "::1")
        #expect(report.hasSuffix(#""dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"ipv6 ::1"}}"#), "\(report)")
    }

    @Test(arguments: ["127.0.0.1:8000", "[::1]:8000", "0.0.0.0:8000", "[::]:8000"])
    func `name the process that has the port in one family`(taken: String) throws {
        let host = try NetworkNamespace(.both)
        let first = try host.start(["--listen", taken])
        _ = first.line()
        let report = try host.report("--listen", "localhost:8000")
        _ = first.stop()
        #expect(report.hasPrefix(#"{"error":"cannot listen on "#) && report.contains("is taken by process"), "\(report)")
        #expect(report.contains("(ListenerProbe)"), "\(report)")
    }

    @Test(.enabled(if: NetworkNamespace.compiler != nil, "needs a C compiler"))
    func `serve IPv4 on a kernel without IPv6`() throws {
        let wrapper = try KernelWithoutIPv6(compiler: NetworkNamespace.compiler ?? "cc")
        let host = try NetworkNamespace(.both)
        let report = try host.report("--listen", "all:8000", "--dial", "127.0.0.1", "--dial", "::1", wrapper: [wrapper.program])
        #expect(report.contains(#""warnings":["cannot listen on [::]:8000: this host has no IPv6 (EAFNOSUPPORT)"]"#), "\(report)")
        #expect(report.hasSuffix(#""dialled":{"127.0.0.1":"ipv4 127.0.0.1","::1":"EAFNOSUPPORT"}}"#), "\(report)")
        let literal = try host.report("--listen", "[::1]:8000", wrapper: [wrapper.program])
        #expect(literal.contains("Fix: --listen with an address that this host has"), "\(literal)")
    }
}

/// A program that runs another one in which socket(AF_INET6) gives EAFNOSUPPORT, as with `ipv6.disable=1` on the kernel's command line.
struct KernelWithoutIPv6: ~Copyable {
    let program: String
    private let source: String

    init(compiler: String) throws {
        program = "/tmp/no-ipv6-\(getpid())"
        source = program + ".c"
        let file = fopen(source, "w")
        fputs(Self.text, file)
        fclose(file)
        try run(compiler, "-o", program, source)
    }

    deinit {
        unlink(program)
        unlink(source)
    }

    private static let text = """
        #include <errno.h>
        #include <linux/filter.h>
        #include <linux/seccomp.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <sys/prctl.h>
        #include <sys/socket.h>
        #include <sys/syscall.h>
        #include <unistd.h>

        int main(int argc, char **argv) {
            struct sock_filter program[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
            };
            struct sock_fprog filter = {sizeof program / sizeof *program, program};
            if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) {
                perror("no-ipv6");
                return 126;
            }
            execv(argv[1], argv + 1);
            perror(argv[1]);
            return 127;
        }
        """
}
