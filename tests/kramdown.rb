# Reads JSON texts from standard input, a line each, and writes the HTML that Jekyll would make of each.
require "json"
require "kramdown"
require "kramdown-parser-gfm"

$stdout.sync = true
OPTIONS = { input: "GFM", hard_wrap: false, syntax_highlighter: nil, math_engine: nil }.freeze

$stdin.each_line do |line|
  puts JSON.generate(Kramdown::Document.new(JSON.parse(line), OPTIONS).to_html)
end
