/** Languages that the PBX speaks. */
export const announcementLanguages = ["de", "en"] as const;
export type AnnouncementLanguage = (typeof announcementLanguages)[number];

/** Highest number that is spoken as one word; further ones are not announced. */
export const highestSpokenNumber = 60;

/** What the PBX says, by id; numbers are ids of their own (`number-7`). `npm run announcements` makes the sound of it. */
export const announcementTexts = {
  "queue-welcome": {
    de: "Herzlich willkommen. Bitte bleiben Sie am Apparat, Sie werden gleich verbunden.",
    en: "Welcome. Please stay on the line, you will be connected shortly.",
  },
  "queue-wait": {
    de: "Zur Zeit sind alle Plätze besetzt. Bitte haben Sie noch etwas Geduld.",
    en: "All our agents are busy at the moment. Please hold the line.",
  },
  "queue-position": { de: "Ihre Position in der Warteschlange ist", en: "Your position in the queue is" },
  "queue-estimated-wait": {
    de: "Die voraussichtliche Wartezeit in Minuten ist",
    en: "Your estimated waiting time in minutes is",
  },
  "queue-under-a-minute": {
    de: "Die Wartezeit beträgt weniger als eine Minute.",
    en: "You will wait less than a minute.",
  },
  "queue-callback-offer": {
    de: "Wenn Sie zurückgerufen werden möchten, drücken Sie die Eins. Ihr Platz bleibt Ihnen erhalten.",
    en: "If you would like to be called back, press one. You keep your place.",
  },
  "queue-callback-confirmed": { de: "Vielen Dank. Wir rufen Sie zurück.", en: "Thank you. We will call you back." },
  "queue-callback-greeting": {
    de: "Hier ist Ihr gewünschter Rückruf. Sie werden verbunden.",
    en: "This is the call back that you asked for. You will be connected.",
  },
  "queue-closed": {
    de: "Zur Zeit ist niemand erreichbar. Bitte rufen Sie später wieder an.",
    en: "Nobody is available at the moment. Please call again later.",
  },
  "number-unreachable": {
    de: "Diese Rufnummer ist nicht vergeben.",
    en: "The number that you have dialled does not exist.",
  },
  "number-not-allowed": {
    de: "Diese Rufnummer ist für Ihren Anschluss gesperrt.",
    en: "This number is not allowed from your extension.",
  },
  "lines-busy": { de: "Zur Zeit sind alle Leitungen belegt.", en: "All lines are busy at the moment." },
  "voicemail-greeting": {
    de: "Der gewünschte Gesprächspartner ist zur Zeit nicht erreichbar. Bitte hinterlassen Sie eine Nachricht nach dem Ton.",
    en: "The person that you are calling is not available. Please leave a message after the tone.",
  },
  "voicemail-hint": {
    de: "Für dringende Nachrichten drücken Sie die Neun.",
    en: "Press nine to mark your message as urgent.",
  },
  "voicemail-marked-urgent": { de: "Als dringend markiert.", en: "Marked as urgent." },
  "voicemail-full": { de: "Das Postfach ist voll.", en: "The mailbox is full." },
  "voicemail-enter-pin": {
    de: "Bitte geben Sie Ihre Geheimzahl ein, gefolgt von der Raute-Taste.",
    en: "Please enter your PIN, followed by the hash key.",
  },
  "voicemail-wrong-pin": { de: "Die Geheimzahl ist falsch.", en: "The PIN is wrong." },
  "voicemail-no-messages": { de: "Sie haben keine Nachrichten.", en: "You have no messages." },
  "voicemail-new-messages": { de: "Neue Nachrichten:", en: "New messages:" },
  "voicemail-old-messages": { de: "Alte Nachrichten:", en: "Old messages:" },
  "voicemail-message": { de: "Nachricht", en: "Message" },
  "voicemail-urgent-message": { de: "Dringende Nachricht", en: "Urgent message" },
  "voicemail-menu": {
    de: "Noch einmal anhören: eins. Nächste Nachricht: zwei. Löschen: sieben.",
    en: "To listen again, press one. For the next message, press two. To delete, press seven.",
  },
  "voicemail-deleted": { de: "Die Nachricht wurde gelöscht.", en: "The message has been deleted." },
  "voicemail-end": { de: "Keine weiteren Nachrichten.", en: "There are no further messages." },
  "voicemail-greeting-menu": {
    de: "Sprechen Sie Ihre Begrüßung nach dem Ton, und drücken Sie die Raute-Taste.",
    en: "Record your greeting after the tone, then press the hash key.",
  },
  "voicemail-greeting-saved": { de: "Die Begrüßung wurde gespeichert.", en: "Your greeting has been saved." },
  "voicemail-greeting-hint": { de: "Begrüßung ändern: null.", en: "To change your greeting, press zero." },
  "voicemail-greeting-options": {
    de: "Begrüßung anhören: eins. Neu aufnehmen: zwei. Löschen: sieben. Zurück: Raute-Taste.",
    en: "To hear your greeting, press one. To record a new one, press two. To delete it, press seven. To go back, press hash.",
  },
  "voicemail-greeting-draft": {
    de: "Anhören: eins. Noch einmal aufnehmen: zwei. Speichern: drei. Verwerfen: Raute-Taste.",
    en: "To listen, press one. To record again, press two. To keep it, press three. To drop it, press hash.",
  },
  "voicemail-greeting-deleted": {
    de: "Es gilt wieder die allgemeine Begrüßung.",
    en: "The general greeting is used again.",
  },
  "conference-enter-pin": {
    de: "Bitte geben Sie die Geheimzahl der Konferenz ein, gefolgt von der Raute-Taste.",
    en: "Please enter the PIN of the conference, followed by the hash key.",
  },
  "conference-wrong-pin": { de: "Die Geheimzahl ist falsch.", en: "The PIN is wrong." },
  "conference-alone": { de: "Sie sind der einzige Teilnehmer.", en: "You are the only participant." },
  "conference-locked": { de: "Die Konferenz ist geschlossen.", en: "The conference is locked." },
  "conference-full": { de: "Die Konferenz ist voll.", en: "The conference is full." },
  "conference-muted": { de: "Sie sind stumm geschaltet.", en: "You are muted." },
  "conference-unmuted": { de: "Sie sind wieder zu hören.", en: "You can be heard again." },
  "conference-moderator": { de: "Sie leiten jetzt die Konferenz.", en: "You are now a moderator of this conference." },
  "conference-kicked": {
    de: "Sie wurden aus der Konferenz entfernt.",
    en: "You have been removed from the conference.",
  },
  "conference-ended": { de: "Die Konferenz ist beendet.", en: "The conference has ended." },
  goodbye: { de: "Auf Wiederhören.", en: "Goodbye." },
} as const satisfies Readonly<Record<string, Readonly<Record<AnnouncementLanguage, string>>>>;

export type AnnouncementId = keyof typeof announcementTexts | `number-${number}`;

/** Every announcement with its text, numbers included. */
export function allAnnouncements(): readonly (readonly [
  AnnouncementId,
  Readonly<Record<AnnouncementLanguage, string>>,
])[] {
  const numbers = Array.from({ length: highestSpokenNumber + 1 }, (_, number) => {
    const text = String(number);
    return [`number-${number}`, { de: text, en: text }] as const;
  });
  const texts = Object.entries(announcementTexts) as [AnnouncementId, Readonly<Record<AnnouncementLanguage, string>>][];
  return [...texts, ...numbers];
}
