package io.entente.frameworks.jooq;

import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.UpdatableRecordImpl;

/** As jOOQ's code generator writes it, shortened. */
final class Stock extends TableImpl<Stock.Row> {

    private static final long serialVersionUID = 1;

    static final Stock STOCK = new Stock();

    final TableField<Row, String> item =
            createField(DSL.name("item"), SQLDataType.VARCHAR(40).nullable(false), this);
    final TableField<Row, Integer> amount = createField(DSL.name("amount"), SQLDataType.INTEGER.nullable(false), this);
    final TableField<Row, String> note = createField(DSL.name("note"), SQLDataType.VARCHAR(200), this);

    private Stock() {
        super(DSL.name("stock"));
    }

    @Override
    public Class<Row> getRecordType() {
        return Row.class;
    }

    @Override
    public UniqueKey<Row> getPrimaryKey() {
        return Internal.createUniqueKey(this, DSL.name("pk_stock"), item);
    }

    static final class Row extends UpdatableRecordImpl<Row> {

        private static final long serialVersionUID = 1;

        Row() {
            super(STOCK);
        }
    }
}
