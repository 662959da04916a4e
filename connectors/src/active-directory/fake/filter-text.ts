import { type BerValue, valuesIn } from './ber.ts';

/** A filter as people write it (RFC 4515), values as they are: to tell by it what a search is for. */
export const filterText = ({ tag, content }: BerValue): string => {
  const inner = () => valuesIn(content).map(filterText).join('');
  const parts = () => valuesIn(content).map((part) => part.content.toString('utf8'));
  switch (tag) {
    case 0xa0:
      return `(&${inner()})`;
    case 0xa1:
      return `(|${inner()})`;
    case 0xa2:
      return `(!${inner()})`;
    case 0xa3:
    case 0xa5:
    case 0xa6: {
      const [name, value] = parts();
      return `(${name}${signs[tag]}${value})`;
    }
    case 0x87:
      return `(${content.toString('utf8')}=*)`;
    case 0xa9: {
      const named = new Map(valuesIn(content).map((part) => [part.tag, part.content.toString('utf8')]));
      return `(${named.get(0x82) ?? ''}:${named.get(0x81) ?? ''}:=${named.get(0x83) ?? ''})`;
    }
    default:
      return '(?)';
  }
};

const signs = { 163: '=', 165: '>=', 166: '<=' } as const;
