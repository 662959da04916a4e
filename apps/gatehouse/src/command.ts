/** One thing the command line can do, as data: what `--help` prints and what is sent derive from it. */
export interface ApiCommand {
  /** Noun and verb: `connections create`. */
  readonly name: string;
  readonly does: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `:tenantId` and `:connectionId` are filled from --tenant and --connection (name or id), the others from arguments. */
  readonly path: string;
  readonly options?: readonly ApiOption[];
  /** Columns of the printed table, as paths into an item; left out: the answer is printed as fields. */
  readonly columns?: readonly string[];
  /** The answer is paged: `--limit` and `--all` apply. */
  readonly paged?: true;
  /** The answer is a file (CSV), written as it comes. */
  readonly streamed?: true;
  /** Takes a file of CSV as its last argument, and sends that as the body. */
  readonly upload?: true;
  readonly examples: readonly string[];
}

export interface ApiOption {
  /** As commander writes it: `--name <name>`. */
  readonly flags: string;
  readonly does: string;
  readonly in: 'body' | 'query';
  /** Name in the body or the query; `rights.spin` is a member of a member, '' is the whole body. */
  readonly as: string;
  /**
   * `settings` collects `key=value`, and `key=@file` reads a file. `file` and `json` read one; `secret` reads one, so that
   * no list of processes shows it, and `random` asks for a secret that is made.
   */
  readonly kind?:
    | 'text'
    | 'flag'
    | 'boolean'
    | 'number'
    | 'list'
    | 'settings'
    | 'addresses'
    | 'file'
    | 'json'
    | 'secret'
    | 'random';
  readonly required?: true;
  /** Sent when the option is not given. */
  readonly fixed?: unknown;
}

const option =
  (where: 'body' | 'query') =>
  (flags: string, as: string, does: string, kind: ApiOption['kind'] = 'text'): ApiOption => ({
    flags,
    does,
    in: where,
    as,
    kind,
  });

/** Short ways to write options. */
export const body = option('body');
export const query = option('query');
export const fixed = (as: string, value: unknown): ApiOption => ({
  flags: '',
  does: '',
  in: 'body',
  as,
  fixed: value,
});
export const must = (option: ApiOption): ApiOption => ({ ...option, required: true });

export const tenant = '/api/tenants/:tenantId';
export const connection = `${tenant}/connections/:connectionId`;
