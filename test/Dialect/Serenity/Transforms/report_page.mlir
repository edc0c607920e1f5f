// The report as a page: self-contained, with the data inside.

// RUN: serenity-opt %s -o /dev/null --serenity-plan-arena="report=%t.html"
// RUN: FileCheck %s < %t.html

// CHECK:     <!DOCTYPE html>
// CHECK:     default-src 'none'
// CHECK:     prefers-color-scheme: dark
// CHECK-NOT: SERENITY_{{REPORT|STYLE|SCRIPT}}
// CHECK:     <script type="application/json" id="report">[{
// A name cannot end the script that the data is in.
// CHECK-SAME: \u003c/script>\u003cimg src=x onerror=alert(1)>
// CHECK-SAME: </script>
// CHECK:     </html>

func.func @nasty(%x: tensor<16xi8> loc("</script><img src=x onerror=alert(1)>")) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) scratch 8 : (tensor<16xi8>) -> tensor<64xi8> loc("<!-- <script> \22'`${1}&amp;\\ \0A \E2\98\83")
  %1 = serenity.node "B"(%0) : (tensor<64xi8>) -> tensor<16xi8> loc("a_very/long.name_that_a_narrow_page_cannot_hold_in_one_line_whatever_it_does_so_that_it_has_to_be_broken")
  return %1 : tensor<16xi8>
}

// Functions that draw nothing, or little.
func.func @"<b>empty</b>"(%x: tensor<16xi8>, %unread: tensor<4xi8>) -> tensor<16xi8> {
  return %x : tensor<16xi8>
}
func.func @no_bytes(%x: tensor<0xi8>) -> tensor<0xi8> {
  %0 = serenity.node "A"(%x) : (tensor<0xi8>) -> tensor<0xi8>
  return %0 : tensor<0xi8>
}
func.func @unread(%x: tensor<16xi8>, %unread: tensor<4xi8>) -> tensor<16xi8> {
  %0 = serenity.node "A"(%x) : (tensor<16xi8>) -> tensor<16xi8>
  return %0 : tensor<16xi8>
}
