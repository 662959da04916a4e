/**
 * What is wrong with a descriptor, in plain words. Bounded, because 64 kB of nonsense hold thousands of faults and the
 * first few say all there is to say.
 */
export interface FaultList {
  readonly list: readonly string[];
  add(fault: string): void;
}

export const openFaultList = (): FaultList => {
  const list: string[] = [];
  return {
    list,
    add(fault) {
      if (list.length < most) list.push(fault);
      else if (list.length === most) list.push('there are more faults, which are not listed');
    },
  };
};

const most = 32;
