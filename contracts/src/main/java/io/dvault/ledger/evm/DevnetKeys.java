package io.dvault.ledger.evm;

import io.dvault.ledger.EvmAddress;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Anvil's and Hardhat's keys, from the mnemonic "test test … junk": published everywhere, hence worth nothing. Bots
 * empty these accounts on every real chain within a block. docs/threat-model.md T37.
 */
final class DevnetKeys {
  private static final List<String> PRIVATE = List.of(
      "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
      "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
      "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
      "7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
      "47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a",
      "8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba",
      "92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e",
      "4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356",
      "dbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97",
      "2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6");

  /** Hardhat opens ten more of the same mnemonic. */
  private static final List<String> MORE = List.of(
      "0xbcd4042de499d14e55001ccbb24a551f3b954096",
      "0x71be63f3384f5fb98995898a86b02fb2426c5788",
      "0xfabb0ac9d68b0b445fb7357272ff202c5651694a",
      "0x1cbd3b2770909d4e10f157cabc84c7264073c9ec",
      "0xdf3e18d64bc6a983f673ab319ccae4f1a57c7097",
      "0xcd3b766ccdd6ae721141f452c550ca635964ce71",
      "0x2546bcd3c84621e976d8185a91a922ae77ecec30",
      "0xbda5747bfd65f08deb54cb465eb87d40e51b197e",
      "0xdd2fd4581271e230360230f9337d5c0430bf44c0",
      "0x8626f6940e2eb28930efb4cef49b2d1f2c9c1199");

  private static final class Addresses {
    static final Set<EvmAddress> ALL = Stream.concat(
            PRIVATE.stream().map(hex -> new LocalSigner(new BigInteger(hex, 16)).address()),
            MORE.stream().map(EvmAddress::parse))
        .collect(Collectors.toUnmodifiableSet());
  }

  private DevnetKeys() {}

  static LocalSigner open(int index) {
    return new LocalSigner(new BigInteger(PRIVATE.get(index), 16));
  }

  static boolean contains(EvmAddress address) {
    return Addresses.ALL.contains(address);
  }
}
