/** Tabs with other versions of the SDK do not meet ([T1]). */
export const sdkVersion = "0.1.0";
