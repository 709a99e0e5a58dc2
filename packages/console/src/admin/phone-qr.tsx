import { toString } from "qrcode";
import { useEffect, useState } from "react";

/** A QR code, dark on white in every theme, so that cameras read it. */
export function PhoneQr({ text, label }: { readonly text: string; readonly label: string }) {
  const [svg, setSvg] = useState("");
  useEffect(() => {
    let isCurrent = true;
    void toString(text, { type: "svg", margin: 2 }).then((drawn) => isCurrent && setSvg(drawn));
    return () => {
      isCurrent = false;
    };
  }, [text]);
  if (svg === "") return null;
  return (
    <img
      className="mt-4 rounded-sm bg-white"
      width="180"
      height="180"
      alt={label}
      src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
    />
  );
}
