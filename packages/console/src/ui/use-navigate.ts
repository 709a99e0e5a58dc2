import { useLocation } from "wouter";

export function useNavigate(): (to: string) => void {
  return useLocation()[1];
}
