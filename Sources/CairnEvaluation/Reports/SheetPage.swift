/// The shell that all sheets share: head, style, top bar, and where data and script go.
///
/// Pages are written as XML-compatible HTML, so that a strict parser can check that nothing in them broke out of its place.
public struct SheetPage {
    /// The window's title.
    public var title: String
    /// Style rules after the shared ones.
    public var style: String
    /// The page's content, already escaped.
    public var body: String
    /// JSON for the script, from `HTML.json`.
    public var data: String
    /// The page's own script.
    public var script: String
    /// One more origin that pictures may come from, a map's tile server; `nil` forbids the network altogether.
    var imageSource: MapTiles.Origin? = nil

    /// Makes a page that loads nothing; rules in `style` come after those of `SheetStyle.shared`.
    public init(title: String, style: String, body: String, data: String = "null", script: String = "") {
        self.init(title: title, style: style, body: body, data: data, script: script, imageSource: nil)
    }

    init(
        title: String, style: String, body: String, data: String, script: String, imageSource: MapTiles.Origin?
    ) {
        self.title = title
        self.style = style
        self.body = body
        self.data = data
        self.script = script
        self.imageSource = imageSource
    }

    /// The whole file. The policy lets nothing be loaded from anywhere but `imageSource`, whatever else might go wrong in the
    /// page.
    public func render() -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:\
        \(imageSource.map { " " + $0.text } ?? ""); style-src 'unsafe-inline'; \
        script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="generator" content="Cairn"/>
        <title>\(HTML.escaped(title))</title>
        <style>
        \(SheetStyle.shared)
        \(style)
        </style>
        </head>
        <body>
        <header class="bar">
        \(Self.mark)
        <span class="crumb">\(HTML.escaped(title))</span>
        <button type="button" class="tool" id="theme" aria-label="Switch between light and dark">\
        <span aria-hidden="true">◐</span><span class="wide">Theme</span></button>
        </header>
        \(body)
        <script type="application/json" id="data">\(data)</script>
        <script>//<![CDATA[
        "use strict";
        \(Self.themeScript)
        \(script)
        //]]></script>
        </body>
        </html>

        """
    }

    /// Three stones.
    private static let mark = """
        <span class="brand"><svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">\
        <ellipse cx="12" cy="18.6" rx="9.4" ry="3.6"/><ellipse cx="12.6" cy="11.8" rx="6.4" ry="3"/>\
        <ellipse cx="11.6" cy="6" rx="3.7" ry="2.4"/></svg>Cairn</span>
        """

    private static let themeScript = """
        document.getElementById("theme").addEventListener("click", () => {
          const root = document.documentElement;
          const dark = root.dataset.theme ? root.dataset.theme === "dark"
            : matchMedia("(prefers-color-scheme: dark)").matches;
          root.dataset.theme = dark ? "light" : "dark";
        });
        """
}
