/** What a version of a program is: its files, by their bytes and digests. */
export interface ReleaseManifest {
  /** Three numbers. */
  readonly version: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

/** The manifest as text, and a signature over that text, with Ed25519 in base64. */
export interface SignedRelease {
  readonly manifest: string;
  readonly signature: string;
}
