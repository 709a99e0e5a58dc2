export function Spinner() {
  return (
    <svg
      viewBox="0 0 24 24"
      width="14"
      height="14"
      aria-hidden="true"
      className="shrink-0 [animation:turn_0.8s_linear_infinite]"
    >
      <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" strokeWidth="3" strokeDasharray="36 20" />
    </svg>
  );
}
