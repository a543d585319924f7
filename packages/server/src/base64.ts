/** Bytes as base64, without copying them first; null stays null. */
export function base64(bytes: Uint8Array): string;
export function base64(bytes: Uint8Array | null): string | null;
export function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
