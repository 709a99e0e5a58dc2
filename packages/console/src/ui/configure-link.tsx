import { Link } from "wouter";
import { useMay } from "../session/me.ts";

/** From where something is missing to where it is made, for those who may make it; for others nothing. */
export function ConfigureLink({ href, text }: { readonly href: string; readonly text: string }) {
  if (!useMay("system.configure")) return null;
  return (
    <Link href={href} className="btn btn-primary">
      {text}
    </Link>
  );
}
