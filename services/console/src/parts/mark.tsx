/** The product's mark: a voice on a line. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M6 17h4l2.5-7 4 14 3.5-10 2 3h4" />
    </svg>
  );
}
