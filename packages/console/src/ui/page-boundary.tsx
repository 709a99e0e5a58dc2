import { Component, type ReactNode } from "react";

interface PageBoundaryProps {
  readonly children: ReactNode;
  readonly fallback: ReactNode;
  /** Another page is tried anew. */
  readonly location: string;
}

/** A page that cannot be fetched, or fails, says so in its place; the frame and the calls stay ([U26], [U30]). */
export class PageBoundary extends Component<PageBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidUpdate({ location }: PageBoundaryProps): void {
    if (this.state.hasFailed && location !== this.props.location) this.setState({ hasFailed: false });
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
