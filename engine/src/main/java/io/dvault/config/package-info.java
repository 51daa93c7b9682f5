/**
 * YAML at a git commit to {@link io.dvault.desired.DesiredState}, every finding at its place. Must
 * not know plans or the
 * network. The kinds {@code Vault}, {@code Device} and {@code Authority} are read here; every other one by its
 * {@code SecretKind} plugin.
 *
 * <p>Codes: DV020 no or unknown apiVersion, DV021 unknown kind, DV022 not a name, DV023 declared twice, DV024 not
 * exactly one Vault, DV025 a file that cannot be read safely, DV026 not an address, id, URL or salt, DV027 governance
 * that cannot work, DV028 not a recipient, DV029 a classic recipient without {@code classic: true}, DV030 not a
 * signer, DV031 a proof that does not hold, DV032 a recipient or signer used twice, DV033 an authority without a key,
 * DV034 an unreadable authority key, DV035 no such device, DV036 nothing matches, DV037 no such authority, DV038 the
 * same entry twice, DV039 unknown block store, DV040 a label expression, DV043 a secret in a tracked file, DV044 what
 * looks like a secret, DV045 defaults of no kind, DV104 ttl too short, DV105 renewal before the issue.
 */
package io.dvault.config;
