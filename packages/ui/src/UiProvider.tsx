import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { theme } from './theme.ts';

/**
 * Everything the parts of this package need around them. The nonce comes from `<meta name="csp-nonce">`, which the
 * server fills in per answer, so that the content security policy can forbid every other inline style.
 */
export function UiProvider({ children }: { children: ReactNode }) {
  const nonce = styleNonce();
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Notifications position="bottom-right" autoClose={6_000} limit={4} />
      {children}
    </MantineProvider>
  );
}

const styleNonce = (): string => {
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
  // The scroll lock of dialogs writes a style element and looks for the nonce under the name that webpack made usual.
  Object.assign(globalThis, { __webpack_nonce__: nonce });
  return nonce;
};
