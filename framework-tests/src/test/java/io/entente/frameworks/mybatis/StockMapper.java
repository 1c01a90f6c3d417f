package io.entente.frameworks.mybatis;

import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Update;

@Mapper
public interface StockMapper {

    @Insert("INSERT INTO stock (item, amount, note) VALUES (#{item}, #{amount}, #{note})")
    int insert(Stock stock);

    @Update("UPDATE stock SET amount = amount - #{amount} WHERE item = #{item} AND amount >= #{amount}")
    int take(@Param("item") String item, @Param("amount") int amount);

    @Delete("DELETE FROM stock WHERE amount <= #{most}")
    int deleteUpTo(int most);
}
