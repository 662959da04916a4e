/** A program that is installed near a system, and what its things are called there. */
export interface Agent {
  /** In file names, units and variables: `collector`, `jump-client`. */
  readonly word: string;
  /** In sentences: `collector`, `ECM`. */
  readonly name: string;
  /** In names of Windows: `Collector`, `ECM`. */
  readonly title: string;
}

export const unitOf = ({ word }: Agent): string => `gatehouse-${word}`;

/** `bindName` → `GATEHOUSE_COLLECTOR_BIND_NAME`. */
export const variableOf = ({ word }: Agent, name: string): string =>
  `GATEHOUSE_${word.toUpperCase().replaceAll('-', '_')}_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
