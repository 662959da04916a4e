import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { theme } from './theme.ts';

/** Everything the parts of this package need around them. */
export function UiProvider({ children }: { children: ReactNode }) {
  const nonce = styleNonce();
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Notifications position="bottom-right" autoClose={6_000} limit={4} />
      {children}
    </MantineProvider>
  );
}

/** The server makes a nonce per answer, so that its content security policy can forbid every other inline style. */
const styleNonce = (): string => {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  // The scroll lock of dialogs writes a style element and looks for the nonce under the name that webpack made usual.
  Object.assign(globalThis, { __webpack_nonce__: nonce });
  return nonce;
};
