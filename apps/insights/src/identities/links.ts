import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** One account's side of a link, a conflict or a suggestion, by account number. */
export interface Found {
  readonly what: 'link' | 'conflict' | 'suggestion';
  readonly n: number;
  readonly other: number;
  readonly rule: string;
  readonly confidence: number;
  readonly own: string;
  readonly others: string;
  readonly decision: string | null;
}

/** Collects what correlation finds into `correlating_found`, a few thousand at a time. */
export class FoundStore {
  readonly #tx: Sql;
  #rows: Found[] = [];

  constructor(tx: Sql) {
    this.#tx = tx;
  }

  static async open(tx: Sql): Promise<FoundStore> {
    await sql`create temp table correlating_found (
      what text not null, n int not null, other int not null, rule text not null, confidence real not null,
      own_value text not null, other_value text not null, decision_id uuid
    ) on commit drop`.execute(tx);
    return new FoundStore(tx);
  }

  async add(found: Found): Promise<void> {
    this.#rows.push(found);
    if (this.#rows.length >= 5_000) await this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return;
    await sql`insert into correlating_found
      select * from unnest(
        ${rows.map((row) => row.what)}::text[], ${rows.map((row) => row.n)}::int[], ${rows.map((row) => row.other)}::int[],
        ${rows.map((row) => row.rule)}::text[], ${rows.map((row) => row.confidence)}::real[],
        ${rows.map((row) => row.own)}::text[], ${rows.map((row) => row.others)}::text[],
        ${rows.map((row) => row.decision)}::uuid[])`.execute(this.#tx);
  }
}
