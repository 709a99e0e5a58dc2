/** Own drawings on a grid of 24, stroked. */
const paths = {
  phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A16 16 0 0 1 4 5a1 1 0 0 1 1-1Z",
  phoneRings:
    "M5 6h3.5l1.7 4-2 1.3a9 9 0 0 0 4.5 4.5l1.3-2 4 1.7V19a1 1 0 0 1-1 1A14 14 0 0 1 4 7a1 1 0 0 1 1-1ZM13 4a7 7 0 0 1 7 7M13 8a3 3 0 0 1 3 3",
  phoneOff: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A16 16 0 0 1 4 5a1 1 0 0 1 1-1ZM20 4L4 20",
  hangup: "M3 15c0-6 18-6 18 0v2h-5v-3.2a14 14 0 0 0-8 0V17H3Z",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15ZM10 20.5a2 2 0 0 0 4 0",
  pause: "M8 5v14M16 5v14",
  pauseThere: "M14 5v14M19 5v14M9 8l-4 4 4 4M5 12h6",
  play: "M7 4.5v15l12-7.5Z",
  square: "M6 6h12v12H6Z",
  disc: "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z",
  ring: "M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z",
  half: "M12 5a7 7 0 1 0 0 14V5a7 7 0 0 1 0 14",
  minus: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM8 12h8",
  cross: "M6 6l12 12M18 6L6 18",
  check: "M4.5 12.5l5 5 10-11",
  diamond: "M12 3.5l8 8.5-8 8.5-8-8.5Z",
  cup: "M5 9h11v6a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4ZM16 10h2a2.5 2.5 0 0 1 0 5h-2M8 3v3M12 3v3",
  park: "M5 4h14v16H5ZM10 17V8h3a2.6 2.6 0 0 1 0 5.2h-3",
  returned: "M9 6L4 11l5 5M4 11h10a5 5 0 0 1 0 10h-3",
  record: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  recordPaused: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM10 9v6M14 9v6",
  warning: "M12 4l9 16H3ZM12 10v4M12 17v.01",
  critical: "M8 3h8l5 5v8l-5 5H8l-5-5V8ZM12 8v5M12 16v.01",
  info: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 11v5M12 8v.01",
  ear: "M7 9a5 5 0 0 1 10 0c0 4-4 4-4 8a3 3 0 0 1-5.5 1.5M10 9.5a2 2 0 0 1 4 0",
  transfer: "M4 12h14M13 6l6 6-6 6",
  consult: "M4 5h11v8H9l-3 3v-3H4ZM17 9h3v8h-2v3l-3-3h-4v-2",
  swap: "M4 8h14l-3-3M20 16H6l3 3",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5L21 21",
  grip: "M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01",
  grid: "M4 4h7v7H4ZM13 4h7v7h-7ZM4 13h7v7H4ZM13 13h7v7h-7Z",
  headset: "M4 14v-2a8 8 0 0 1 16 0v2M4 14h3v6H5a1 1 0 0 1-1-1ZM20 14h-3v6h2a1 1 0 0 0 1-1Z",
  wall: "M3 5h18v12H3ZM8 21h8M7 13v-2M11 13V8M15 13v-3",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z",
  tape: "M6.5 8a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM17.5 8a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM6.5 15h11",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 7.5V12l3 2",
  people:
    "M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM3 19c0-3.5 2.5-5.5 6-5.5s6 2 6 5.5M16 5.5a3 3 0 0 1 0 5.5M17.5 14c2.2.6 3.5 2.4 3.5 5",
  gear: "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1",
  sliders: "M5 4v8M5 16v4M12 4v3M12 11v9M19 4v10M19 18v2M3 14h4M10 9h4M17 16h4",
  list: "M8 6h12M8 12h12M8 18h12M4 6v.01M4 12v.01M4 18v.01",
  pulse: "M3 12h4l3-7 4 14 3-7h4",
  wave: "M4 10v4M8 7v10M12 4v16M16 8v8M20 10v4",
  user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM5 20c0-4 3-6 7-6s7 2 7 6",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
  left: "M15 6l-6 6 6 6",
  plus: "M12 5v14M5 12h14",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  pencil: "M4 20l1-5L16 4l4 4L9 19ZM14 6l4 4",
  copy: "M9 9h11v11H9ZM5 15H4V4h11v1",
  keypad: "M6 5v.01M12 5v.01M18 5v.01M6 11v.01M12 11v.01M18 11v.01M6 17v.01M12 17v.01M18 17v.01",
  in: "M18 6L7 17M7 9v8h8",
  out: "M6 18L17 7M9 7h8v8",
  missed: "M4 7l8 8 8-8M4 7v5M4 7h5",
  voicemail: "M4 6h16v12H4ZM4 7l8 6 8-6",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  upload: "M12 16V5M7 9l5-5 5 5M4 20h16",
  mic: "M12 4a3 3 0 0 0-3 3v4a3 3 0 0 0 6 0V7a3 3 0 0 0-3-3ZM6 11a6 6 0 0 0 12 0M12 17v4",
  micOff:
    "M9 9v2a3 3 0 0 0 4.5 2.6M15 11V7a3 3 0 0 0-5.6-1.5M6 11a6 6 0 0 0 9 5.2M18 11a6 6 0 0 1-.5 2.4M12 17v4M4 4l16 16",
  lock: "M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  expand: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  trunk: "M4 18h16M6 18V9M10 18V5M14 18v-7M18 18V8",
  route: "M6 19a2 2 0 1 0 0-.01M18 5a2 2 0 1 0 0-.01M8 19h6a4 4 0 0 0 0-8h-4a4 4 0 0 1 0-6h6",
  shield: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6Z",
  logout: "M10 4H5v16h5M14 8l4 4-4 4M8 12h10",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
} as const;

export type IconName = keyof typeof paths;

const filled: ReadonlySet<IconName> = new Set(["square", "disc", "play", "hangup"]);
const bold: ReadonlySet<IconName> = new Set(["pause", "ring", "grip", "keypad"]);

export function Icon({
  name,
  size = 16,
  className = "",
}: {
  readonly name: IconName;
  readonly size?: number;
  readonly className?: string;
}) {
  const isFilled = filled.has(name);
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
      className={`shrink-0 ${className}`}
      fill={isFilled ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth={isFilled ? 1 : bold.has(name) ? 3 : 1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
      {name === "half" && <path d="M12 5a7 7 0 0 0 0 14Z" fill="currentColor" />}
    </svg>
  );
}
