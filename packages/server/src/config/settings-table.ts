export interface SettingDescription {
  readonly name: `PBXX_${string}`;
  /** Undefined: unset. */
  readonly fallback?: string;
  readonly isSecret?: boolean;
  readonly en: string;
  readonly de: string;
}

/** Every setting ([R11]); help text and reference are made from this table. */
export const settingsTable = [
  { name: "PBXX_HTTP_HOST", fallback: "0.0.0.0", en: "Address of web and API.", de: "Adresse für Web und API." },
  {
    name: "PBXX_HTTP_PORT",
    fallback: "8080",
    en: "Port of web and API; 0: any.",
    de: "Port für Web und API; 0: beliebig.",
  },
  {
    name: "PBXX_WS_TIMEOUT_SECONDS",
    fallback: "90",
    en: "A client of the socket that is silent for so long is disconnected, seconds; at least 3.",
    de: "Ein Client am Socket, der so lange schweigt, wird getrennt, Sekunden; mindestens 3.",
  },
  {
    name: "PBXX_WS_RESUME_SECONDS",
    fallback: "120",
    en: "A client of the socket whose connection was lost finds its session again for so long, seconds.",
    de: "So lange findet ein Client am Socket nach einem Abriss seine Sitzung wieder, Sekunden.",
  },
  {
    name: "PBXX_WS_MAX_REPLAY",
    fallback: "10000",
    en: "Most missed events that a client of the socket gets after a loss; with more it reads the state anew.",
    de: "So viele versäumte Ereignisse bekommt ein Client am Socket höchstens nachgereicht; bei mehr liest er den Zustand neu.",
  },
  {
    name: "PBXX_WS_COMPRESSION",
    fallback: "off",
    en: "Compression of the socket (permessage-deflate): off or on. It costs much processor and memory.",
    de: "Kompression am Socket (permessage-deflate): off oder on. Sie kostet viel Prozessor und Speicher.",
  },
  { name: "PBXX_SIP_HOST", fallback: "0.0.0.0", en: "Address for SIP and voice.", de: "Adresse für SIP und Sprache." },
  {
    name: "PBXX_SIP_PORT",
    fallback: "5060",
    en: "SIP port, UDP and TCP; 0: any.",
    de: "SIP-Port, UDP und TCP; 0: beliebig.",
  },
  {
    name: "PBXX_SIP_TLS_PORT",
    fallback: "5061",
    en: "SIP port for TLS; 0: any.",
    de: "SIP-Port für TLS; 0: beliebig.",
  },
  {
    name: "PBXX_SIP_WS_PORT",
    en: "SIP over WebSocket (RFC 7118); off if not given, 0: any.",
    de: "SIP über WebSocket (RFC 7118); aus, wenn nicht gesetzt, 0: beliebig.",
  },
  {
    name: "PBXX_SIP_WSS_PORT",
    en: "The same with TLS.",
    de: "Dasselbe mit TLS.",
  },
  {
    name: "PBXX_SIP_REALM",
    fallback: "pbx-x",
    en: "SIP realm; after a change all SIP passwords must be set anew.",
    de: "SIP-Realm; nach einer Änderung sind alle SIP-Passwörter neu zu setzen.",
  },
  {
    name: "PBXX_SIP_DIGEST",
    fallback: "md5",
    en: "Digest for phones: md5, both or sha256. Some phones fail when SHA-256 is offered.",
    de: "Digest für Telefone: md5, both oder sha256. Manche Telefone scheitern, wenn SHA-256 angeboten wird.",
  },
  {
    name: "PBXX_SIP_MIN_EXPIRES",
    fallback: "60",
    en: "Shortest registration, seconds.",
    de: "Kürzeste Registrierung, Sekunden.",
  },
  {
    name: "PBXX_RING_TIMEOUT_SECONDS",
    fallback: "60",
    en: "Longest ringing, seconds.",
    de: "Längstes Klingeln, Sekunden.",
  },
  {
    name: "PBXX_SILENT_PHONE_SECONDS",
    fallback: "20",
    en: "Time without a voice packet after which a phone in a call is asked whether it is there, seconds; 2 to 120.",
    de: "Zeit ohne Sprachpaket, nach der ein Telefon im Anruf gefragt wird, ob es noch da ist, Sekunden; 2 bis 120.",
  },
  {
    name: "PBXX_TRUNK_OPTIONS_SECONDS",
    fallback: "30",
    en: "Time between two OPTIONS to a trunk, seconds; at least 2. Three without an answer: unreachable.",
    de: "Zeit zwischen zwei OPTIONS an einen Trunk, Sekunden; mindestens 2. Drei ohne Antwort: nicht erreichbar.",
  },
  {
    name: "PBXX_ALERT_PACKET_LOSS_PERCENT",
    fallback: "5",
    en: "Packet loss of a trunk's calls that raises an alert after 10 s, per cent; over below half of it.",
    de: "Paketverlust der Anrufe eines Trunks, der nach 10 s meldet, Prozent; vorbei unter der Hälfte.",
  },
  {
    name: "PBXX_ALERT_JITTER_MS",
    fallback: "50",
    en: "The same for jitter, milliseconds.",
    de: "Dasselbe für Jitter, Millisekunden.",
  },
  {
    name: "PBXX_ALERT_INTERVAL_SECONDS",
    fallback: "60",
    en: "Time between two alerts of one kind, seconds.",
    de: "Zeit zwischen zwei Meldungen einer Art, Sekunden.",
  },
  {
    name: "PBXX_ALERT_DISK_WARNING_PERCENT",
    fallback: "5",
    en: "Free space of the data directory that raises a warning, per cent; over with a fifth more.",
    de: "Freier Platz des Datenverzeichnisses, der eine Warnung auslöst, Prozent; vorbei mit einem Fünftel mehr.",
  },
  {
    name: "PBXX_ALERT_DISK_CRITICAL_PERCENT",
    fallback: "1",
    en: "The same for an alert that is critical.",
    de: "Dasselbe für eine kritische Meldung.",
  },
  {
    name: "PBXX_ALERT_SLOW_WRITE_MS",
    fallback: "1000",
    en: "Time of a write to the database that raises an alert after 10 s, milliseconds; over below half of it.",
    de: "Dauer eines Schreibens in die Datenbank, die nach 10 s meldet, Millisekunden; vorbei unter der Hälfte.",
  },
  {
    name: "PBXX_ALERT_REGISTRATIONS_PER_SECOND",
    fallback: "50",
    en: "Registrations a second, over 10 s, that raise an alert; over below half of it.",
    de: "Registrierungen je Sekunde, über 10 s, die melden; vorbei unter der Hälfte.",
  },
  {
    name: "PBXX_ALERT_CHECK_SECONDS",
    fallback: "30",
    en: "Time between two looks at the disk and the database, seconds.",
    de: "Zeit zwischen zwei Blicken auf Platte und Datenbank, Sekunden.",
  },
  {
    name: "PBXX_COUNTRY_CODE",
    fallback: "49",
    en: "Country code of the place, without +.",
    de: "Landesvorwahl des Standorts, ohne +.",
  },
  {
    name: "PBXX_AREA_CODE",
    en: "Area code of the place, without the 0 in front; lets phones dial numbers of the own town without it.",
    de: "Ortsvorwahl des Standorts, ohne die 0 davor; Telefone wählen dann Nummern des eigenen Orts ohne sie.",
  },
  {
    name: "PBXX_INTERNATIONAL_PREFIX",
    fallback: "00",
    en: "Dialled before a country code.",
    de: "Wird vor einer Landesvorwahl gewählt.",
  },
  {
    name: "PBXX_NATIONAL_PREFIX",
    fallback: "0",
    en: "Dialled before an area code; none where the country has none.",
    de: "Wird vor einer Ortsvorwahl gewählt; none, wenn das Land keine hat.",
  },
  {
    name: "PBXX_OUTSIDE_PREFIX",
    en: "What phones dial for an outside line, e.g. 0; the rules strip it.",
    de: "Amtsholung, z. B. 0; die Regeln nehmen sie weg.",
  },
  { name: "PBXX_EXTERNAL_ADDRESS", en: "Public address behind NAT.", de: "Öffentliche Adresse hinter NAT." },
  { name: "PBXX_RTP_PORTS", fallback: "10000-19999", en: "UDP ports for voice.", de: "UDP-Ports für Sprache." },
  { name: "PBXX_DATA_DIR", fallback: "./data", en: "Folder of all data.", de: "Ordner aller Daten." },
  {
    name: "PBXX_DATABASE_URL",
    isSecret: true,
    en: "PostgreSQL instead of the built-in database.",
    de: "PostgreSQL statt der eingebauten Datenbank.",
  },
  {
    name: "PBXX_JWT_SECRET",
    isSecret: true,
    en: "Key of the tokens, at least 32 characters; made at the first start if not given.",
    de: "Schlüssel der Tokens, mindestens 32 Zeichen; sonst beim ersten Start erzeugt.",
  },
  {
    name: "PBXX_JWKS_URL",
    en: "Keys of an outside identity provider.",
    de: "Schlüssel eines fremden Identitätsdienstes.",
  },
  { name: "PBXX_JWT_ISSUER", en: "Issuer that tokens must name.", de: "Aussteller, den Tokens nennen müssen." },
  { name: "PBXX_JWT_AUDIENCE", en: "Audience that tokens must name.", de: "Empfänger, den Tokens nennen müssen." },
  {
    name: "PBXX_ADMIN_EMAIL",
    fallback: "admin@pbx-x.example",
    en: "E-mail of the first administrator.",
    de: "E-Mail des ersten Administrators.",
  },
  {
    name: "PBXX_ADMIN_PASSWORD",
    isSecret: true,
    en: "Password of the first administrator; generated if not given.",
    de: "Passwort des ersten Administrators; sonst erzeugt.",
  },
  {
    name: "PBXX_SEED",
    fallback: "demo",
    en: "What an empty database is filled with: demo or empty.",
    de: "Womit eine leere Datenbank gefüllt wird: demo oder empty.",
  },
  {
    name: "PBXX_ENGINE",
    fallback: "embedded",
    en: "Telephony engine: embedded or asterisk.",
    de: "Telefonie-Motor: embedded oder asterisk.",
  },
  {
    name: "PBXX_LOG_LEVEL",
    fallback: "info",
    en: "fatal, error, warn, info, debug, trace or silent.",
    de: "fatal, error, warn, info, debug, trace oder silent.",
  },
  { name: "PBXX_LOG_FORMAT", fallback: "text", en: "text or json.", de: "text oder json." },
  {
    name: "PBXX_METRICS_TOKEN",
    isSecret: true,
    en: "Token for /metrics from other machines, at least 16 characters; this machine needs none.",
    de: "Token für /metrics von anderen Rechnern, mindestens 16 Zeichen; dieser Rechner braucht keines.",
  },
  {
    name: "PBXX_EVENTS_KEEP_DAYS",
    fallback: "7",
    en: "Days that events are kept.",
    de: "Tage, die Ereignisse bleiben.",
  },
  { name: "PBXX_EVENTS_KEEP_COUNT", fallback: "10000000", en: "Most events kept.", de: "Höchstzahl der Ereignisse." },
  {
    name: "PBXX_RECORDINGS_KEEP_DAYS",
    en: "Days that recordings are kept; for ever if not given.",
    de: "Tage, die Aufzeichnungen bleiben; für immer, wenn nicht gesetzt.",
  },
  {
    name: "PBXX_RECORDINGS_MIN_FREE_MB",
    fallback: "500",
    en: "Room on the disk below which no recording begins, MB.",
    de: "Platz auf dem Datenträger, unter dem keine Aufzeichnung beginnt, MB.",
  },
  {
    name: "PBXX_CONFERENCE_RECORDING_BEEP",
    fallback: "on",
    en: "Whether all in a conference hear a short tone when it begins to be recorded, and who comes in later: on or off.",
    de: "Ob alle in einer Konferenz einen kurzen Ton hören, wenn ihre Aufzeichnung beginnt, und wer später kommt: on oder off.",
  },
  {
    name: "PBXX_VOICEMAIL_LANGUAGE",
    fallback: "de",
    en: "Language in which mailboxes speak: `de` or `en`.",
    de: "Sprache, in der Mailboxen sprechen: `de` oder `en`.",
  },
  {
    name: "PBXX_VOICEMAIL_MAX_SECONDS",
    fallback: "180",
    en: "Longest message, seconds.",
    de: "Längste Nachricht, Sekunden.",
  },
  {
    name: "PBXX_VOICEMAIL_SILENCE_SECONDS",
    fallback: "10",
    en: "A message ends after so many seconds of silence.",
    de: "Nach so vielen Sekunden Stille endet eine Nachricht.",
  },
  {
    name: "PBXX_VOICEMAIL_MAX_MESSAGES",
    fallback: "100",
    en: "Most messages in one mailbox.",
    de: "Höchstzahl der Nachrichten einer Mailbox.",
  },
  {
    name: "PBXX_VOICEMAIL_KEEP_DAYS",
    fallback: "90",
    en: "Messages are deleted so many days after they came, heard or not; 0: never.",
    de: "So viele Tage nach ihrem Eingang werden Nachrichten gelöscht, gehört oder nicht; 0: nie.",
  },
  {
    name: "PBXX_SMTP_URL",
    isSecret: true,
    en: "Mail server for voice messages, as in smtp://user:password@mail.example.com:587 or smtps://…; none if not given.",
    de: "Mailserver für Sprachnachrichten, z. B. smtp://user:passwort@mail.example.com:587 oder smtps://…; sonst keiner.",
  },
  {
    name: "PBXX_SMTP_FROM",
    en: "Sender of these mails; needed with PBXX_SMTP_URL.",
    de: "Absender dieser Mails; nötig mit PBXX_SMTP_URL.",
  },
  {
    name: "PBXX_WEBHOOK_NETWORKS",
    en: "Private networks that webhooks may reach, as in 10.0.0.0/8,192.168.1.0/24; none if not given.",
    de: "Private Netze, die Webhooks erreichen dürfen, z. B. 10.0.0.0/8,192.168.1.0/24; sonst keine.",
  },
  {
    name: "PBXX_WEBHOOK_LOOPBACK",
    fallback: "off",
    en: "Webhooks to this machine, also by plain HTTP: off or on.",
    de: "Webhooks an diesen Rechner, auch über einfaches HTTP: off oder on.",
  },
  {
    name: "PBXX_WEBHOOK_TIMEOUT_SECONDS",
    fallback: "10",
    en: "Longest wait for a webhook's answer, seconds.",
    de: "Längstes Warten auf die Antwort eines Webhooks, Sekunden.",
  },
  {
    name: "PBXX_WEBHOOK_MAX_ATTEMPTS",
    fallback: "12",
    en: "Tries to deliver one event to a webhook before it is given up; 12 take about half an hour.",
    de: "Versuche, ein Ereignis an einen Webhook zuzustellen, ehe aufgegeben wird; 12 dauern etwa eine halbe Stunde.",
  },
  {
    name: "PBXX_WEBHOOK_SWITCH_OFF_HOURS",
    fallback: "24",
    en: "A webhook that takes nothing for so long is switched off, hours.",
    de: "Ein Webhook, der so lange nichts annimmt, wird abgeschaltet, Stunden.",
  },
  {
    name: "PBXX_PROVISIONING_SERVER",
    en: "Name or address at which phones register that fetch their settings; where they fetched them if not given.",
    de: "Name oder Adresse, an der sich Telefone registrieren, die ihre Einstellungen holen; sonst die, wo sie sie holten.",
  },
  {
    name: "PBXX_PROVISIONING_TRANSPORT",
    fallback: "tls",
    en: "How such phones register where nothing else is set for one: tls, tcp or udp.",
    de: "Wie sich solche Telefone registrieren, wenn für eines nichts anderes gesetzt ist: tls, tcp oder udp.",
  },
  {
    name: "PBXX_PROVISIONING_PLAIN_HTTP",
    fallback: "private",
    en: "From where phones get their settings without HTTPS: private networks only, or everywhere.",
    de: "Von wo Telefone ihre Einstellungen ohne HTTPS bekommen: private (nur private Netze) oder everywhere.",
  },
  {
    name: "PBXX_REST_REQUESTS_PER_MINUTE",
    fallback: "1200",
    en: "Most REST requests per minute and address.",
    de: "Höchstzahl der REST-Anfragen je Minute und Adresse.",
  },
] as const satisfies readonly SettingDescription[];

export type SettingName = (typeof settingsTable)[number]["name"];

/** The text of `--help`. */
export function printHelp(): string {
  const rows: readonly SettingDescription[] = settingsTable;
  const lines = rows.map(
    ({ name, fallback, en }) => `  ${name.padEnd(30)} ${en}${fallback === undefined ? "" : ` [${fallback}]`}`,
  );
  return ["PBX-X. Settings come from the environment:", "", ...lines, ""].join("\n");
}
