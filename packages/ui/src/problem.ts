/** An answer of the API that is not a success, in the words of its problem details (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Words by field name; nested names are joined by dots. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, title: string, detail = '', fields: Readonly<Record<string, string>> = {}) {
    super(detail === '' ? title : detail);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.fields = fields;
  }
}

/** What browsers say of a request that reached nobody; every other TypeError is a mistake of the page. */
const unreachable = /failed to fetch|networkerror|load failed|fetch failed|dynamically imported module/i;

/** What to show for anything that was thrown. */
export const toProblem = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : error instanceof TypeError && unreachable.test(error.message)
      ? new Problem(
          0,
          'The server cannot be reached',
          'Check your network, or whether Gatehouse is running, and try again.',
        )
      : new Problem(500, 'Something went wrong on this page', error instanceof Error ? error.message : String(error));
