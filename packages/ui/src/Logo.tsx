/** The arch of a gatehouse with its door ajar. Takes its colour from the text around it; the lamp keeps the brand's. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <path
        d="M3 21V8.5L5 7V4h3v1.6l4-3 4 3V4h3v3l2 1.5V21"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M8 21v-6a4 4 0 0 1 8 0v6" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />
      <circle cx="12" cy="15.4" r="1.5" fill="var(--gh-brand)" />
      <path d="M12 16.4V21" stroke="var(--gh-brand)" strokeWidth="1.7" strokeLinecap="round" />
    </svg>
  );
}
