import { useMatches } from '@tanstack/react-router';

/** The address of the page that stands in the frame now: while another one is on its way, that of the page it leaves. */
export const useShownPath = (): string =>
  useMatches({ select: (matches) => (matches.at(-1)?.pathname ?? '/').replace(/(.)\/$/, '$1') });
