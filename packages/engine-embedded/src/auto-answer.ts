/** Asks the device to pick up by itself, in each of the ways that phones know (RFC 5373, and the makers' own). */
export function autoAnswerHeaders(host: string): readonly { readonly name: string; readonly value: string }[] {
  return [
    { name: "Call-Info", value: `<sip:${host}>;answer-after=0` },
    { name: "Alert-Info", value: "<http://pbx-x.invalid>;info=alert-autoanswer;delay=0" },
    { name: "Answer-Mode", value: "Auto" },
  ];
}
