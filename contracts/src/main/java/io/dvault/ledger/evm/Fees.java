package io.dvault.ledger.evm;

import java.math.BigInteger;

/** What a unit of gas may cost, in wei. */
sealed interface Fees {
  /** EIP-1559: {@code tip} for the proposer, {@code most} in all. */
  record Dynamic(BigInteger tip, BigInteger most) implements Fees {}

  record Legacy(BigInteger price) implements Fees {}

  /** What a node demands to replace a pending transaction (geth: 10 %, others 12.5 %): an eighth more, rounded up. */
  default Fees raised() {
    return switch (this) {
      case Dynamic(BigInteger tip, BigInteger most) ->
        new Dynamic(eighthMore(tip), eighthMore(most));
      case Legacy(BigInteger price) -> new Legacy(eighthMore(price));
    };
  }

  /** The larger of both in every part: raised, and what the chain asks now. */
  default Fees atLeast(Fees other) {
    if (this instanceof Dynamic(BigInteger tip, BigInteger most)
        && other instanceof Dynamic(BigInteger otherTip, BigInteger otherMost)) {
      return new Dynamic(tip.max(otherTip), most.max(otherMost));
    }
    return this instanceof Legacy(BigInteger price)
            && other instanceof Legacy(BigInteger otherPrice)
        ? new Legacy(price.max(otherPrice))
        : this;
  }

  /** The most that a unit of gas can cost. */
  default BigInteger ceiling() {
    return switch (this) {
      case Dynamic(BigInteger tip, BigInteger most) -> most;
      case Legacy(BigInteger price) -> price;
    };
  }

  private static BigInteger eighthMore(BigInteger value) {
    return value
        .multiply(BigInteger.valueOf(9))
        .add(BigInteger.valueOf(7))
        .shiftRight(3)
        .add(BigInteger.ONE);
  }
}
