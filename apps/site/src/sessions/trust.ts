/** Which host is the right one: that with this key, or whichever is there at the first use. */
export type HostTrust =
  /** `SHA256:` and the Base64 digest of the public key that it proved to have. */
  | { readonly kind: 'pinned'; readonly fingerprint: string }
  /** Told once the host has proved to have its key; throwing ends the connection. */
  | { readonly kind: 'first-use'; onKey(fingerprint: string): Promise<void> }
  /** An administrator said that any will do. */
  | { readonly kind: 'any' };
