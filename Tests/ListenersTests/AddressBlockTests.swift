import Listeners
import Testing

@Suite struct `Address block` {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.9.9.9/8", "10.0.0.1", true),
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1/32", "192.0.2.1", true),
        ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.255", true), ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "2001:db8::1", true), ("::/0", "203.0.113.9", false),
        ("2001:db8::/64", "2001:db8::ffff:1", true), ("2001:db8::/64", "2001:db8:0:1::1", false), ("2001:db8::80/121", "2001:db8::ff", true),
        ("2001:db8::80/121", "2001:db8::7f", false), ("::1", "::1", true), ("::1", "127.0.0.1", false),
        // A dual-stack socket shows IPv4 peers as mapped addresses.
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.0/104", "10.1.2.3", true), ("::ffff:10.0.0.1", "10.0.0.1", true),
        ("::ffff:10.0.0.0/104", "11.1.2.3", false),
    ])
    func `holds the addresses with its prefix`(block: String, address: String, isIn: Bool) throws {
        let block = try #require(AddressBlock(block))
        #expect(block.contains(try #require(InternetAddress(address))) == isIn)
    }

    @Test(arguments: [
        "", "/", "/8", "proxy", "proxy/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0/8", "::/129",
        "10.0.0.0/8 ", "10.0.0.0/0x8", "[::1]", "fe80::1%eth0/64", "10.0.0.0/99999999999999999999",
    ])
    func `is an address or a block and nothing else`(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
