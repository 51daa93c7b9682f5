/**
 * YAML text to positioned values, with limits; the one home of SnakeYAML. In {@code schemas} because the agent reads
 * its own {@code agent.yaml} with the same care as the engine reads a repository. Knows only {@code model}.
 *
 * <p>Codes: DV001 file too large, DV002 not UTF-8 text, DV003 syntax, DV004 tab, DV005 anchor or alias, DV006 merge
 * key, DV007 tag, DV008 duplicate field, DV009 too deep, too many values or too long a line, DV010 key that is no
 * text, DV011 wrong shape, DV012 unknown field, DV013 missing field, DV014 not of its type, DV015 not one of the
 * allowed values, DV016 out of range, DV017 no value, DV041 would
 * not say the same once it is formatted, DV043 a secret in a file.
 */
package io.dvault.yaml;
