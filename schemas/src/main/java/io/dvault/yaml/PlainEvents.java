package io.dvault.yaml;

/**
 * Told of plain YAML as it is read: places are offsets into the bytes that were given. Whoever is told of something that
 * it does not know throws {@link NotPlainException}, and the file is then read in the general way.
 */
public interface PlainEvents {
  void startDocument() throws NotPlainException;

  void endDocument() throws NotPlainException;

  void startMapping(int line, int column) throws NotPlainException;

  void endMapping() throws NotPlainException;

  void startSequence(int line, int column) throws NotPlainException;

  void endSequence() throws NotPlainException;

  /** Inside a mapping; what comes next is its value. */
  void key(int from, int to, int line, int column) throws NotPlainException;

  /**
   * @param from of the text, behind an opening quote
   * @param to behind the text's last character
   * @param plain whether it stands without quotes
   * @param column of the value: an opening quote's
   * @param length from there, with quotes
   */
  void scalar(int from, int to, boolean plain, int line, int column, int length) throws NotPlainException;
}
