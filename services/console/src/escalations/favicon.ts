const usual = '/icon.svg';
const waiting = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#b3261e"/><path d="M6 17h4l2.5-7 4 14 3.5-10 2 3h4" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/></svg>',
)}`;

/** The tab's icon turns red while somebody waits: seen from another tab. */
export function showWaitingIcon(somebodyWaits: boolean): void {
  document.querySelector('link[rel="icon"]')?.setAttribute('href', somebodyWaits ? waiting : usual);
}
