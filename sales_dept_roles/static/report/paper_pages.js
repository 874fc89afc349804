// Builds of wkhtmltopdf without patched Qt repeat no headings of tables, and cut rows in two. For these the papers end
// their pages themselves: a table that does not fit goes on in another one, which begins with the heading again.
// Written for their browser, which is of 2013.

(function () {
    "use strict";

    // A heading stands over something: it goes to the next page with less room than this below it.
    var ROOM_BELOW_HEADING = 80;

    // Odoo waits a second (`report.print_delay`) before it prints.
    var FONTS_MS = 400;

    function top(node) {
        return node.getBoundingClientRect().top;
    }

    function bottom(node) {
        return node.getBoundingClientRect().bottom;
    }

    /** End pages of `height` pixels in `sheet`, which begins on a page. */
    function Pages(sheet, height) {
        this.height = height;
        this.start = top(sheet);
    }

    Pages.prototype.fits = function (node, room) {
        return bottom(node) + (room || 0) - this.start <= this.height;
    };

    Pages.prototype.breakBefore = function (node) {
        node.style.pageBreakBefore = "always";
        this.start = top(node);
    };

    Pages.prototype.place = function (node) {
        if (node.tagName === "TABLE" && /\bo_paper_(lines|form)\b/.test(node.className)) {
            this.placeTable(node);
        } else if (/^H[1-6]$/.test(node.tagName)) {
            if (!this.fits(node, ROOM_BELOW_HEADING)) {
                this.breakBefore(node);
            }
        } else if (!this.fits(node)) {
            if (node.offsetHeight > this.height / 2 && node.children.length) {
                this.placeAll(node);
            } else {
                this.breakBefore(node);
            }
        }
    };

    Pages.prototype.placeAll = function (parent) {
        var children = Array.prototype.slice.call(parent.children);
        for (var i = 0; i < children.length; i++) {
            this.place(children[i]);
        }
    };

    Pages.prototype.placeTable = function (table) {
        var head = table.tHead;
        var first = head ? head.rows.length : 0;
        var headHeight = head ? head.offsetHeight : 0;
        var rows = Array.prototype.slice.call(table.rows);
        // All is measured before anything is moved: each look after a move lays the whole paper out again.
        var places = rows.map(function (row) {
            // Sums stay together.
            var isSum = row.parentNode.tagName === "TFOOT";
            return { top: top(row), bottom: bottom(isSum ? row.parentNode : row) };
        });
        var splits = [];
        for (var i = first; i < rows.length; i++) {
            if (places[i].bottom - this.start <= this.height) {
                continue;
            }
            splits.push(i);
            this.start = i === first ? top(table) : places[i].top - headHeight;
        }
        // The last page first: so each row is moved once at most.
        var last = null;
        for (var j = splits.length - 1; j >= 0; j--) {
            var rest = splits[j] === first ? table : this.splitTable(table, rows[splits[j]]);
            rest.style.pageBreakBefore = "always";
            last = last || rest;
        }
        if (last) {
            this.start = top(last);
        }
    };

    /** Move `row` and all after it to a table of its own, with the same heading, and return that. */
    Pages.prototype.splitTable = function (table, row) {
        var rest = table.cloneNode(false);
        if (table.tHead) {
            rest.appendChild(table.tHead.cloneNode(true));
        }
        var group = row.parentNode;
        var next = group.nextSibling;
        var moved = group.cloneNode(false);
        while (row) {
            var after = row.nextSibling;
            moved.appendChild(row);
            row = after;
        }
        rest.appendChild(moved);
        while (next) {
            var following = next.nextSibling;
            rest.appendChild(next);
            next = following;
        }
        table.parentNode.insertBefore(rest, table.nextSibling);
        return rest;
    };

    function papers() {
        return Array.prototype.slice.call(document.querySelectorAll(".o_sales_dept_paper.o_rows_as_blocks"));
    }

    function layOut() {
        papers().forEach(function (paper) {
            // As wide as what is printed: the page of a printer has no width before that.
            paper.style.width = paper.getAttribute("data-width") + "px";
        });
    }

    function endPages() {
        papers().forEach(function (paper) {
            var height = Number(paper.getAttribute("data-height"));
            var parts = Array.prototype.slice.call(paper.querySelectorAll(".o_paper_part"));
            (parts.length ? parts : [paper]).forEach(function (sheet) {
                new Pages(sheet, height).placeAll(sheet);
            });
        });
    }

    window.addEventListener("load", function () {
        layOut();
        // Fonts are fetched once something is laid out in them, and change heights.
        setTimeout(endPages, FONTS_MS);
    });
})();
