package import BinaryTesting

/// A program that runs another one in which socket(AF_INET6) gives EAFNOSUPPORT, as with `ipv6.disable=1` on the kernel's command line.
package enum KernelWithoutIPv6 {
    /// Where the compiler is; `nil` where there is none.
    package static let compiler = ["cc", "gcc", "clang"].lazy.compactMap(Components.program).first

    /// Builds it in `scratch` and gives its path.
    package static func build(in scratch: Scratch) async throws -> String {
        guard let compiler else { throw TestFailure("no C compiler") }
        let source = try scratch.write(text, to: "no-ipv6.c")
        let build = try ChildProcess(
            [compiler, "-o", scratch.path("no-ipv6"), source], environment: ["PATH": NetworkHost.path], in: scratch)
        guard try await build.exit() == .code(0) else { throw TestFailure("\(compiler): \(build.errorText)") }
        return scratch.path("no-ipv6")
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
